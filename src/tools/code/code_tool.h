#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"
#include "image/picture.h"
#include "sandbox/pool.h"
#include "tools/tool.h"

namespace llmi::tools {

/// Draws plots: Python with plt, pd, sns and np loaded, in the sandbox. Thread-safe.
class CodeTool final : public Tool {
 public:
  using Decoder = std::function<Result<image::Picture>(const RunContext&, std::string_view bytes)>;
  struct Options {
    sandbox::Settings sandbox;
    std::size_t warm = 1;
    std::size_t max_concurrent = 2;
    std::chrono::milliseconds timeout{10'000};
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;
    std::string format = "png";  ///< "png" or "svg"; the decoder makes of it what goes into the document.
    Decoder decoder;
  };
  explicit CodeTool(Options options);

  [[nodiscard]] tag::Source source() const override { return tag::Source::kCode; }
  [[nodiscard]] std::string_view backend() const override { return "sandbox"; }
  [[nodiscard]] Availability availability() const override;
  [[nodiscard]] std::size_t max_concurrent() const override { return options_.max_concurrent; }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const Request& request) const override;
  [[nodiscard]] Outcome run(const RunContext& context, const Request& request) override;

 private:
  const Options options_;
  mutable sandbox::Pool pool_;
};

/// Whether each plotted value (to four digits) occurs among the numbers of `text`; true too when nothing was plotted.
/// Numbers may have signs, thousands separators and a decimal point.
[[nodiscard]] bool values_are_given(const std::vector<double>& values, std::string_view text);

}  // namespace llmi::tools
