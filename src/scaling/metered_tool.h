#pragma once

#include <map>
#include <mutex>
#include <string>

#include "scaling/budget.h"
#include "scaling/tool_decorator.h"
#include "store/cache.h"

namespace llmi::scaling {

/// A tool whose calls count against the budget of a run: one that may not be made has the fault kBudget. What a call
/// came to is remembered for the run, faults that will last too, and shared with other runs through the cache: equal
/// calls of all stages are paid once. Thread-safe.
class MeteredTool final : public ToolDecorator {
 public:
  /// `cache` may be null. All outlive it.
  MeteredTool(tools::Tool& inner, store::Cache* cache, Budget& budget)
      : ToolDecorator(inner), cache_(cache), budget_(budget) {}

  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override;

 private:
  [[nodiscard]] tools::Outcome call(const RunContext& context, const tools::Request& request);

  store::Cache* cache_;
  Budget& budget_;
  std::mutex mutex_;
  std::map<std::string, tools::Outcome> known_;  // by call; guarded by mutex_
};

}  // namespace llmi::scaling
