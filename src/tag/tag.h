#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fault.h"

namespace llmi::tag {

/// The tool a tag calls; the tag's `source`.
enum class Source : std::uint8_t { kSearch, kDiffusion, kCode, kEdit };

struct SearchParams {
  std::string query;
  bool operator==(const SearchParams&) const = default;
};
struct DiffusionParams {
  std::string prompt;
  bool operator==(const DiffusionParams&) const = default;
};
struct CodeParams {
  std::string code;
  bool operator==(const CodeParams&) const = default;
};
struct EditParams {
  std::size_t img_index = 0;  ///< Counts input pictures first, then all tags in order of position.
  std::string prompt;
  bool operator==(const EditParams&) const = default;
};

/// Alternatives in the order of Source.
using Params = std::variant<SearchParams, DiffusionParams, CodeParams, EditParams>;

/// A valid call for a picture.
struct Tag {
  std::string description;
  Params params;

  [[nodiscard]] Source source() const { return static_cast<Source>(params.index()); }
  bool operator==(const Tag&) const = default;
};

/// Part of an answer. Offsets are bytes of the original input, [begin, end).
struct TextItem {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;  ///< What the reader sees: valid UTF-8, thoughts removed, lone fences around tags removed.
  bool operator==(const TextItem&) const = default;
};
struct TagItem {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t index = 0;  ///< Position among all pictures, inputs first: what `img_index` of a later edit names.
  Tag tag;
  std::vector<std::string>
      recovered;  ///< Names of the recovery rules that were needed, in the order of the rule table.
  bool operator==(const TagItem&) const = default;
};
struct FaultItem {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t index = 0;
  Fault fault;  ///< Stage kParse or kSchema.
  bool operator==(const FaultItem&) const = default;
};
using Item = std::variant<TextItem, TagItem, FaultItem>;

[[nodiscard]] std::string_view name(Source source) noexcept;
[[nodiscard]] std::optional<Source> source_from_name(std::string_view name) noexcept;

/// The canonical form: `<imgen>{"source": …, "description": …, "params": {…}}</imgen>`, JSON, UTF-8 unescaped.
[[nodiscard]] std::string print(const Tag& tag);

}  // namespace llmi::tag
