#include "scaling/metered_tool.h"

#include <fmt/format.h>

#include "agent/cached_call.h"
#include "base/sha256.h"

namespace llmi::scaling {
namespace {

std::string key_of(const RunContext& context, const tools::Request& request) {
  return fmt::format("{} {} {} {}", context.seed, request.variant,
                     request.parent == nullptr ? "" : sha256_hex(request.parent->bytes), tag::print(request.tag));
}

bool will_last(const tools::Outcome& outcome) {
  if (outcome.made() != nullptr) return true;
  const Stage stage = outcome.fault()->stage;
  return outcome.lasting && (stage == Stage::kTool || stage == Stage::kDecode || stage == Stage::kPolicy);
}

}  // namespace

tools::Outcome MeteredTool::run(const RunContext& context, const tools::Request& request) {
  const std::string key = key_of(context, request);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
  }
  tools::Outcome outcome = call(context, request);
  if (will_last(outcome)) {
    const std::scoped_lock lock(mutex_);
    known_.insert_or_assign(key, outcome);
  }
  return outcome;
}

tools::Outcome MeteredTool::call(const RunContext& context, const tools::Request& request) {
  const std::string key = agent::cache_key(context, inner(), request);
  if (auto made = agent::cached_result(cache_, key, lifetime())) {
    budget_.used_cache();
    made->provenance.cached = true;
    return {.result = *std::move(made)};
  }
  const double price = inner().quote(request).price;
  if (auto refused = budget_.open_tool_call(price)) return {.result = *std::move(refused), .lasting = false};
  tools::Outcome outcome = inner().run(context, request);
  budget_.close_tool_call(price, outcome.made() != nullptr);
  if (outcome.made() != nullptr && outcome.lasting) agent::keep_result(cache_, key, *outcome.made());
  return outcome;
}

}  // namespace llmi::scaling
