#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace llmi::tag {

inline constexpr std::string_view kTagBegin = "<imgen>";
inline constexpr std::string_view kTagEnd = "</imgen>";
inline constexpr std::string_view kThoughtBegin = "<think>";
inline constexpr std::string_view kThoughtEnd = "</think>";

enum class Mark : std::uint8_t {
  kNone,
  kTagBegin,      ///< `<imgen>`, white space or none, `{`.
  kTagEnd,        ///< `</imgen>`.
  kThoughtBegin,  ///< `<think>`.
  kUndecided,     ///< More bytes are needed.
};

/// Looks at the `<` that stands at `at` of a text that grows. Remembers how much white space it has passed, so that
/// looking again at the same place when more has come costs only what has come.
class MarkReader {
 public:
  /// `final`: nothing follows `text`. Offsets may be relative to anything that stays put between looks at one place.
  [[nodiscard]] Mark at(std::string_view text, std::size_t at, bool final);

 private:
  std::size_t passed_ = 0;  ///< White space behind `<imgen>` that is known already.
};

}  // namespace llmi::tag
