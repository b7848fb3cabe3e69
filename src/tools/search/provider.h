#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "tools/tool.h"

namespace llmi::tools {

/// A picture that a provider offers.
struct Candidate {
  std::string provider;
  std::string title;
  std::filesystem::path file;  ///< Local providers.
  std::string url;             ///< Online providers: the picture itself.
  std::string page_url;        ///< The page that shows it with its licence.
  std::string use_url;         ///< To be called when the picture is used, where a provider's rules want that.
  int width = 0;               ///< 0: unknown.
  int height = 0;
  std::string creator;
  std::string licence;  ///< SPDX-like id; empty: unknown.
  std::string licence_url;
  std::string attribution;
  double score = 0;  ///< Comparable between candidates of one provider and one query only.
};

struct SearchQuery {
  std::string text;
  std::string hint;        ///< The figure's description: orders pictures that fit, adds none.
  std::size_t limit = 24;  ///< More candidates than this are not needed.
  std::size_t skip = 0;    ///< So many of the best are not wanted (left to the caller of search()).
};

/// A place that finds pictures. Implementations are thread-safe.
class Provider {
 public:
  virtual ~Provider() = default;
  Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Availability availability() const = 0;
  /// Whether it answers over a network: its pictures are fetched several at once.
  [[nodiscard]] virtual bool online() const { return false; }
  /// Whether it can be asked at the moment; noticed within 300 ms.
  [[nodiscard]] virtual bool reachable(const RunContext& /*context*/) { return true; }
  /// Pictures below 400 x 400 pixels are welcome, too (collections of clip art).
  [[nodiscard]] virtual bool small_pictures() const = 0;

  /// Everything besides the query that decides what is found; empty when nothing may be kept. Of online providers it is
  /// what they found for a while (SearchTool::Options::lifetime).
  [[nodiscard]] virtual std::string cache_identity(const RunContext& context) = 0;

  /// Best first; empty when nothing fits. Errors: kUnavailable, kRefused, kTimeout, kCancelled.
  [[nodiscard]] virtual Result<std::vector<Candidate>> search(const RunContext& context, const SearchQuery& query) = 0;

  /// The bytes of a candidate's picture, unchecked. Errors: as for search, kNotFound, kUnreadable (too large).
  [[nodiscard]] virtual Result<std::string> fetch(const RunContext& context, const Candidate& candidate) = 0;

  /// The candidate's picture was chosen.
  virtual void used(const RunContext& /*context*/, const Candidate& /*candidate*/) {}
};

}  // namespace llmi::tools
