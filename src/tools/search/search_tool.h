#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"
#include "tools/search/first_good.h"
#include "tools/search/licence.h"
#include "tools/search/provider.h"
#include "tools/tool.h"

namespace llmi::tools {

/// Makes a safe picture of bytes from outside (image::decode_untrusted).
using Decoder = std::function<Result<image::Picture>(const RunContext&, std::string_view bytes)>;

enum class SearchMode : std::uint8_t {
  kOrder,  ///< The next provider is asked when the one before has no usable picture.
  kRace,   ///< All are asked at once; the first usable picture wins.
};

/// Finds pictures of real things: asks the providers and takes the best-ranked picture that decodes, has between
/// 400 x 400 (not for providers of small pictures) and 5120 x 5120 pixels and a welcome licence. Providers that cannot
/// be reached are left out. Thread-safe.
class SearchTool final : public Tool {
 public:
  struct Options {
    std::vector<std::shared_ptr<Provider>> providers;
    Decoder decoder;
    LicencePolicy licences;
    SearchMode mode = SearchMode::kOrder;
    std::chrono::milliseconds deadline{20'000};  ///< For all providers together.
    std::chrono::milliseconds lifetime{0};       ///< Of what online providers found; zero: for ever.
    FirstGoodOptions downloads;
    std::size_t max_concurrent = 8;
  };
  explicit SearchTool(Options options) : options_(std::move(options)) {}

  [[nodiscard]] tag::Source source() const override { return tag::Source::kSearch; }
  [[nodiscard]] std::string_view backend() const override;
  [[nodiscard]] Availability availability() const override;
  [[nodiscard]] std::size_t max_concurrent() const override { return options_.max_concurrent; }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const Request& request) const override;
  [[nodiscard]] std::chrono::milliseconds lifetime() const override { return options_.lifetime; }
  [[nodiscard]] Outcome run(const RunContext& context, const Request& request) override;

  /// A search with what it looked at.
  struct Found {
    Outcome outcome;
    std::vector<Candidate> candidates;  ///< With a welcome licence, in the order of the providers.
  };
  [[nodiscard]] Found find(const RunContext& context, const SearchQuery& query) const;

  /// The candidates of all providers, with a welcome licence. Errors: those of the providers when all of them failed.
  [[nodiscard]] Result<std::vector<Candidate>> list(const RunContext& context, const SearchQuery& query) const;

 private:
  using Providers = std::vector<std::shared_ptr<Provider>>;

  [[nodiscard]] Providers reachable_providers(const RunContext& context) const;
  [[nodiscard]] Result<std::vector<Candidate>> ask(const RunContext& context, Provider& provider,
                                                   const SearchQuery& query) const;
  [[nodiscard]] Found find_at(const RunContext& context, Provider& provider, const SearchQuery& query) const;
  [[nodiscard]] Found in_order(const RunContext& context, const Providers& providers, const SearchQuery& query) const;
  [[nodiscard]] Found race(const RunContext& context, const Providers& providers, const SearchQuery& query) const;
  [[nodiscard]] Outcome choose(const RunContext& context, Provider& provider, const std::string& query,
                               const std::vector<Candidate>& candidates) const;
  [[nodiscard]] Result<image::Picture> picture_of(const RunContext& context, Provider& provider,
                                                  const Candidate& candidate) const;
  [[nodiscard]] Fault nothing_found(const std::string& query) const;

  Options options_;
};

}  // namespace llmi::tools
