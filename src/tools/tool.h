#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fault.h"
#include "base/run_context.h"
#include "document/document.h"
#include "image/picture.h"
#include "tag/tag.h"

namespace llmi::tools {

/// A call for one picture.
struct Request {
  tag::Tag tag;
  std::shared_ptr<const image::Picture> parent;  ///< kEdit: the picture to change. Never null for edits.
  std::string prompt;                            ///< The user's prompt: for the check of plotted numbers.
  /// Which of several pictures for the same tag: a search passes over so many of its best; tools that take a seed are
  /// given another one instead.
  std::size_t variant = 0;
};

/// A picture and where it comes from.
struct Made {
  image::Picture picture;
  /// `duration` is filled in by the caller; `cached` is set by a tool that answers from what was made before.
  document::Provenance provenance;
  std::optional<document::Drawn> drawn;
};

/// What `llmi tool code` shows besides the picture; filled on faults too. Empty for other tools.
struct CodeReport {
  std::string out;
  std::string err;
  std::size_t figures = 0;
  document::Drawn drawn;
};

struct Outcome {
  std::variant<Made, Fault> result = Fault{};
  std::optional<CodeReport> report;
  bool lasting = true;       ///< False where something failed that may work the next time: not for the cache.
  bool unreachable = false;  ///< The fault is that a server could not be reached.

  [[nodiscard]] const Made* made() const { return std::get_if<Made>(&result); }
  [[nodiscard]] const Fault* fault() const { return std::get_if<Fault>(&result); }
};

/// Whether a tool can be used on this machine as it is configured.
struct Availability {
  bool usable = false;
  std::string reason;  ///< Why not.
  std::string remedy;  ///< The command or setting that fixes it.
};

/// Who would answer a request, and what that costs.
struct Quote {
  std::string backend;
  double price = 0;  ///< Of one picture, in the user's currency; 0: nothing.
};

/// One way of making pictures. Implementations are thread-safe: run() is called from several threads at once, up to
/// max_concurrent() of them.
class Tool {
 public:
  virtual ~Tool() = default;
  Tool() = default;
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  [[nodiscard]] virtual tag::Source source() const = 0;
  [[nodiscard]] virtual std::string_view backend() const = 0;
  [[nodiscard]] virtual Availability availability() const = 0;
  [[nodiscard]] virtual std::size_t max_concurrent() const = 0;

  /// Everything besides the request and its parent that decides the result, as text (backend, versions, corpus version,
  /// the seed where the backend takes one); empty when results must not be cached.
  [[nodiscard]] virtual std::string cache_identity(const RunContext& context, const Request& request) const = 0;

  /// For one call with this request; the parent may be missing.
  [[nodiscard]] virtual Quote quote(const Request& /*request*/) const { return {.backend = std::string(backend())}; }

  /// How long results stay true; zero: for ever.
  [[nodiscard]] virtual std::chrono::milliseconds lifetime() const { return {}; }

  /// Makes the picture; honours the context's deadline and stop token (faults kTimeout, kCancelled). Never throws.
  [[nodiscard]] virtual Outcome run(const RunContext& context, const Request& request) = 0;
};

}  // namespace llmi::tools
