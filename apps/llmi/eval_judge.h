#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "config/settings.h"
#include "eval/judge.h"
#include "net/network.h"
#include "reward/judge.h"

namespace llmi::app {

/// Puts --judge in the place of the configured judges, so that its address may be reached and its limits hold.
/// Errors: kInvalidArgument.
[[nodiscard]] Result<void> name_judge(config::Settings& settings, const std::string& judge);

/// The judge that name_judge() named; null for "none". Network and settings outlive it. Errors: kNotFound for a name
/// that is no model.
[[nodiscard]] Result<std::unique_ptr<reward::Judge>> open_judge(const config::Settings& settings, net::Network& network,
                                                                std::uint64_t seed);

}  // namespace llmi::app
