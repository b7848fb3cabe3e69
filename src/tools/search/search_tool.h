#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"
#include "tools/search/licence.h"
#include "tools/search/provider.h"
#include "tools/tool.h"

namespace llmi::tools {

/// Makes a safe picture of bytes from outside (image::decode_untrusted).
using Decoder = std::function<Result<image::Picture>(const RunContext&, std::string_view bytes)>;

/// Finds pictures of real things: asks the providers in order and takes the best-ranked picture that decodes, has
/// between 400 x 400 (not for providers of small pictures) and 5120 x 5120 pixels and a welcome licence. Thread-safe.
class SearchTool final : public Tool {
 public:
  struct Options {
    std::vector<std::shared_ptr<Provider>> providers;
    Decoder decoder;
    LicencePolicy licences;
    std::chrono::milliseconds deadline{20'000};  ///< For all providers together.
    std::size_t max_concurrent = 8;
  };
  explicit SearchTool(Options options) : options_(std::move(options)) {}

  [[nodiscard]] tag::Source source() const override { return tag::Source::kSearch; }
  [[nodiscard]] std::string_view backend() const override;
  [[nodiscard]] Availability availability() const override;
  [[nodiscard]] std::size_t max_concurrent() const override { return options_.max_concurrent; }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const Request& request) const override;
  [[nodiscard]] Outcome run(const RunContext& context, const Request& request) override;

  /// Candidates with a welcome licence, in the order in which run() tries them. Errors: those of the providers when
  /// all of them failed.
  [[nodiscard]] Result<std::vector<Candidate>> list(const RunContext& context, const SearchQuery& query) const;
  /// The first of them that can be used: the second half of run().
  [[nodiscard]] Outcome choose(const RunContext& context, const std::string& query,
                               const std::vector<Candidate>& candidates) const;

 private:
  [[nodiscard]] Result<image::Picture> picture_of(const RunContext& context, const Candidate& candidate) const;
  [[nodiscard]] const std::shared_ptr<Provider>* provider(std::string_view name) const;

  Options options_;
};

}  // namespace llmi::tools
