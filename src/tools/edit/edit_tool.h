#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "tools/tool.h"

namespace llmi::tools {

/// Exact changes to a picture: an instruction becomes a program of operations (edit/operation.h), which runs with
/// libvips in a limited process. Rules read the instruction and take it only as a whole; what they do not know goes to
/// the generative tool, and is a fault kTool without one, never a guess (docs/adr/0007-edit-rules.md).
class EditTool final : public Tool {
 public:
  struct Options {
    std::chrono::milliseconds timeout{20'000};
    std::size_t max_concurrent = 2;
    std::shared_ptr<Tool> generative;  ///< For what is no exact operation; null: none.
  };

  EditTool() = default;
  explicit EditTool(Options options) : options_(std::move(options)) {}

  [[nodiscard]] tag::Source source() const override { return tag::Source::kEdit; }
  [[nodiscard]] std::string_view backend() const override { return "libvips"; }
  [[nodiscard]] Availability availability() const override;
  [[nodiscard]] std::size_t max_concurrent() const override;
  [[nodiscard]] Quote quote(const Request& request) const override;
  [[nodiscard]] std::string cache_identity(const RunContext& context, const Request& request) const override;
  [[nodiscard]] Outcome run(const RunContext& context, const Request& request) override;

 private:
  [[nodiscard]] bool is_generative(const Request& request) const;

  Options options_;
};

}  // namespace llmi::tools
