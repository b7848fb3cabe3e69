#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tag/tag.h"

namespace llmi::tag {

enum class ParamKind : std::uint8_t {
  kText,          ///< A string with at least one character that is not white space.
  kPictureIndex,  ///< A whole number: a picture that stands before the tag.
};

struct ParamSpec {
  std::string_view name;
  ParamKind kind;
  std::string_view meaning;  ///< For schemas and messages.
};

struct ToolSpec {
  Source source;
  std::string_view name;
  std::string_view purpose;
  std::span<const ParamSpec> params;  ///< In canonical order.
};

/// The one definition of the tools, in the order of Source: the validator, the printer, the grammars and the schema are
/// all generated from it.
[[nodiscard]] std::span<const ToolSpec> tools() noexcept;
[[nodiscard]] const ToolSpec& tool(Source source) noexcept;

/// A parameter's value; the alternative follows its ParamKind.
using ParamValue = std::variant<std::string, std::size_t>;

/// `values` in the order of tool(source).params.
[[nodiscard]] Params make_params(Source source, std::vector<ParamValue> values);
[[nodiscard]] std::vector<ParamValue> param_values(const Params& params);

}  // namespace llmi::tag
