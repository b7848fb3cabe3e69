#pragma once

#include "agent/session.h"

namespace llmi::app {

/// The plan of a dry run on standard output: what would be called, by whom, and what it costs by the configured prices.
/// As text, or as one JSON object {"type":"plan","figures":[…],"cost":{"text":…,"pictures":…}}; `cost` and the figures'
/// `price` are left out where nothing has a price.
void print_plan(const agent::Report& report, bool json);

}  // namespace llmi::app
