#pragma once

#include "tools/tool.h"

namespace llmi::scaling {

/// A tool that stands for another one, which outlives it.
class ToolDecorator : public tools::Tool {
 public:
  explicit ToolDecorator(tools::Tool& inner) : inner_(inner) {}

  [[nodiscard]] tag::Source source() const override { return inner_.source(); }
  [[nodiscard]] std::string_view backend() const override { return inner_.backend(); }
  [[nodiscard]] tools::Availability availability() const override { return inner_.availability(); }
  [[nodiscard]] std::size_t max_concurrent() const override { return inner_.max_concurrent(); }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const tools::Request& request) const override {
    return inner_.cache_identity(context, request);
  }
  [[nodiscard]] tools::Quote quote(const tools::Request& request) const override { return inner_.quote(request); }
  [[nodiscard]] std::chrono::milliseconds lifetime() const override { return inner_.lifetime(); }

 protected:
  [[nodiscard]] tools::Tool& inner() { return inner_; }
  [[nodiscard]] const tools::Tool& inner() const { return inner_; }

 private:
  tools::Tool& inner_;
};

}  // namespace llmi::scaling
