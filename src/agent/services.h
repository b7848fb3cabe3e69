#pragma once

#include <vector>

#include "agent/plan.h"
#include "agent/session.h"
#include "document/document.h"

namespace llmi::agent {

/// The sources that the model may name.
[[nodiscard]] std::vector<tag::Source> offered(const Services& services);

/// How many calls of each tool may run at once.
[[nodiscard]] Plan::Slots slots(const Services& services);

/// The tool of a source; null when it is not offered.
[[nodiscard]] tools::Tool* tool_of(const Services& services, tag::Source source);

/// An edit of a found picture stays the work of its creator, under its licence.
void inherit_credits(document::Provenance& made, const document::Provenance& parent);

}  // namespace llmi::agent
