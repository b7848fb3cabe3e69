#include "tag/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tag/tool_table.h"

namespace llmi::tag {
namespace {

template <class T>
using Checked = std::expected<T, std::string>;  // The error is the fault's message.

template <class... Args>
std::unexpected<std::string> wrong(fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(fmt::format(format, std::forward<Args>(args)...));
}

std::string_view kind(const Value& value) {
  constexpr std::array<std::string_view, 6> kKinds{"null", "true or false", "a number", "a string", "a list", "a dict"};
  return kKinds[value.data.index()];
}

std::string shorten(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() <= kLongest) return std::string(text);
  std::size_t end = kLongest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

const Value* find(const Dict& dict, std::string_view key) {
  const auto member = std::ranges::find(dict, key, &Member::key);
  return member == dict.end() ? nullptr : &member->value;
}

/// Exactly these keys, each once. `where` names the dict for the message.
Checked<void> check_keys(const Dict& dict, const std::vector<std::string_view>& keys, std::string_view where) {
  for (const std::string_view key : keys) {
    const auto count = std::ranges::count(dict, key, &Member::key);
    if (count == 0) return wrong("{} has no key \"{}\": it needs exactly {}", where, key, fmt::join(keys, ", "));
    if (count > 1) return wrong("{} has the key \"{}\" more than once", where, key);
  }
  for (const Member& member : dict) {
    if (std::ranges::find(keys, member.key) == keys.end())
      return wrong("{} has an unknown key \"{}\": it takes exactly {}", where, shorten(member.key),
                   fmt::join(keys, ", "));
  }
  return {};
}

template <class T>
Checked<const T*> as(const Value& value, std::string_view key, std::string_view wanted) {
  const T* data = std::get_if<T>(&value.data);
  if (data == nullptr) return wrong("\"{}\" has to be {}, not {}", key, wanted, kind(value));
  return data;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Checked<Source> check_source(const Value& value) {
  const auto text = as<std::string>(value, "source", "a string");
  if (!text) return std::unexpected(text.error());
  if (const auto source = source_from_name(**text)) return *source;
  if (const auto meant = source_from_name(lower(**text)))
    return wrong("\"source\" is case-sensitive: write \"{}\", not \"{}\"", name(*meant), **text);
  std::vector<std::string_view> names;
  for (const ToolSpec& tool : tools()) names.push_back(tool.name);
  return wrong("\"source\" is \"{}\", but there is no such tool; use one of {}", shorten(**text),
               fmt::join(names, ", "));
}

Checked<ParamValue> check_text(const ParamSpec& param, const Value& value) {
  const auto text = as<std::string>(value, param.name, "a string");
  if (!text) return std::unexpected(text.error());
  if (std::ranges::all_of(**text, is_space)) return wrong("\"{}\" is empty; it takes {}", param.name, param.meaning);
  return **text;
}

Checked<ParamValue> check_index(const ParamSpec& param, const Value& value, std::size_t index) {
  const auto number = as<Number>(value, param.name, "a whole number");
  if (!number) return std::unexpected(number.error());
  const std::string& digits = (*number)->digits;
  std::size_t picture = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), picture);
  if (digits.front() == '-' || end != digits.data() + digits.size())
    return wrong("\"{}\" is {}, but has to be a whole number from 0", param.name, shorten(digits));
  if (index == 0) return wrong("\"{}\" is {}, but there is no picture before this tag", param.name, shorten(digits));
  if (error != std::errc{} || picture >= index)
    return wrong("\"{}\" is {}, but before this tag there are only the pictures 0 to {}", param.name, shorten(digits),
                 index - 1);
  return picture;
}

Checked<Params> check_params(Source source, const Value& value, std::size_t index) {
  const auto dict = as<Dict>(value, "params", "a dict");
  if (!dict) return std::unexpected(dict.error());
  const ToolSpec& spec = tool(source);
  std::vector<std::string_view> keys;
  for (const ParamSpec& param : spec.params) keys.push_back(param.name);
  const auto keys_fit = check_keys(**dict, keys, fmt::format("\"params\" of {}", spec.name));
  if (!keys_fit) return std::unexpected(keys_fit.error());
  std::vector<ParamValue> values;
  for (const ParamSpec& param : spec.params) {
    const Value& given = *find(**dict, param.name);
    auto checked = param.kind == ParamKind::kText ? check_text(param, given) : check_index(param, given, index);
    if (!checked) return std::unexpected(checked.error());
    values.push_back(*std::move(checked));
  }
  return make_params(source, std::move(values));
}

Checked<Tag> check_tag(const Value& body, std::size_t index) {
  const auto dict = as<Dict>(body, "body", "a dict");
  if (!dict) return std::unexpected(dict.error());
  const auto keys_fit = check_keys(**dict, {"source", "description", "params"}, "the tag");
  if (!keys_fit) return std::unexpected(keys_fit.error());
  const auto source = check_source(*find(**dict, "source"));
  if (!source) return std::unexpected(source.error());
  const auto description = as<std::string>(*find(**dict, "description"), "description", "a string");
  if (!description) return std::unexpected(description.error());
  auto params = check_params(*source, *find(**dict, "params"), index);
  if (!params) return std::unexpected(params.error());
  return Tag{.description = **description, .params = *std::move(params)};
}

}  // namespace

std::variant<Tag, Fault> validate(const Value& body, std::size_t index) {
  auto tag = check_tag(body, index);
  if (tag) return *std::move(tag);
  return Fault{Stage::kSchema, std::move(tag.error())};
}

}  // namespace llmi::tag
