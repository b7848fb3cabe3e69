#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "net/network.h"
#include "tools/pictures/backend.h"
#include "tools/pictures/managed_server.h"
#include "tools/tool.h"

namespace llmi::tools {

/// Paints new pictures (kDiffusion) or changes others (kEdit) with a picture server. Thread-safe.
class PictureTool final : public Tool {
 public:
  struct Options {
    tag::Source source = tag::Source::kDiffusion;
    const pictures::Backend* backend = nullptr;
    pictures::Server server;
    std::shared_ptr<net::Network> network;
    std::shared_ptr<pictures::ManagedServer> managed;  ///< Started before the first picture; null: not ours to start.
    /// Makes a safe picture of bytes from outside (image::decode_untrusted).
    std::function<Result<image::Picture>(const RunContext&, std::string_view bytes)> decoder;
    std::size_t max_concurrent = 1;
    std::chrono::milliseconds timeout{300'000};  ///< For one picture, from when the server is free for it.
    double price = 0;                            ///< Of one picture, in the user's currency.
  };
  explicit PictureTool(Options options) : options_(std::move(options)) {}

  [[nodiscard]] tag::Source source() const override { return options_.source; }
  [[nodiscard]] std::string_view backend() const override { return options_.backend->name; }
  [[nodiscard]] Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] std::size_t max_concurrent() const override { return options_.max_concurrent; }
  [[nodiscard]] Quote quote(const Request& request) const override;
  [[nodiscard]] std::string cache_identity(const RunContext& context, const Request& request) const override;
  [[nodiscard]] Outcome run(const RunContext& context, const Request& request) override;

 private:
  [[nodiscard]] Result<pictures::Painted> paint(const RunContext& context, const Request& request) const;

  Options options_;
};

}  // namespace llmi::tools
