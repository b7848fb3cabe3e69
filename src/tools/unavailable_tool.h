#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tools/tool.h"

namespace llmi::tools {

/// Stands for a tool that has no backend here: says why, and answers every call with that as a fault. Thread-safe.
class UnavailableTool : public Tool {
 public:
  UnavailableTool(tag::Source source, Availability availability)
      : source_(source), availability_(std::move(availability)) {}

  [[nodiscard]] tag::Source source() const override { return source_; }
  [[nodiscard]] std::string_view backend() const override { return "none"; }
  [[nodiscard]] Availability availability() const override { return availability_; }
  [[nodiscard]] std::size_t max_concurrent() const override { return 1; }
  [[nodiscard]] std::string cache_identity(const RunContext&, const Request&) const override { return ""; }
  [[nodiscard]] Outcome run(const RunContext&, const Request&) override {
    return {.result = Fault{Stage::kTool, availability_.reason + "; " + availability_.remedy}};
  }

 private:
  tag::Source source_;
  Availability availability_;
};

}  // namespace llmi::tools
