#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "scaling/tool_decorator.h"

namespace llmi::scaling {

/// A tool that gives the tags of an earlier version the pictures they had, whatever their descriptions say now; other
/// calls go on to the tool within. Thread-safe.
class PinnedTool final : public ToolDecorator {
 public:
  using ToolDecorator::ToolDecorator;

  void pin(const tools::Request& request, tools::Made made);

  [[nodiscard]] std::string cache_identity(const RunContext&, const tools::Request&) const override { return ""; }
  /// Of several pictures for equal calls, each is given once, in order.
  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override;

 private:
  std::mutex mutex_;
  std::map<std::string, std::deque<tools::Made>> pictures_;  // guarded by mutex_
};

}  // namespace llmi::scaling
