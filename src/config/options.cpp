#include "config/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "base/edit_distance.h"
#include "base/units.h"

namespace llmi::config {
namespace {

bool in_range(const Option& option, double value) {
  return value >= option.minimum && (option.maximum == 0 || value <= option.maximum);
}

/// A bound as a person would write it for this type.
std::string bound(const Option& option, double value) {
  switch (option.type) {
    case Type::kDuration:
      return print_duration(std::chrono::milliseconds(static_cast<std::int64_t>(value)));
    case Type::kSize:
      return print_size(static_cast<std::uint64_t>(value));
    default:
      return fmt::format("{}", value);
  }
}

std::optional<double> measure(const Option& option, std::string_view text) {
  if (option.type == Type::kDuration) {
    const auto span = parse_duration(text);
    return span ? std::optional(static_cast<double>(span->count())) : std::nullopt;
  }
  if (option.type == Type::kSize) {
    const auto size = parse_size(text);
    return size ? std::optional(static_cast<double>(*size)) : std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  if (option.type == Type::kInteger && value != std::floor(value)) return std::nullopt;
  return value;
}

std::expected<std::string, std::string> check_measure(const Option& option, std::string_view text) {
  const auto value = measure(option, text);
  if (!value) return std::unexpected(fmt::format("expected {}, got \"{}\"", expected(option), text));
  if (!in_range(option, *value)) {
    return std::unexpected(option.maximum == 0
                               ? fmt::format("{} is below {}", text, bound(option, option.minimum))
                               : fmt::format("{} is not within {} … {}", text, bound(option, option.minimum),
                                             bound(option, option.maximum)));
  }
  return std::string(text);
}

bool is_choice(const Option& option, std::string_view word) {
  return option.choices.empty() || std::ranges::count(split_list(option.choices), word) > 0;
}

std::expected<std::string, std::string> check_list(const Option& option, std::string_view text) {
  const auto words = split_list(text);
  for (const std::string& word : words) {
    if (!is_choice(option, word))
      return std::unexpected(fmt::format("\"{}\" is not known here; known: {}", word, option.choices));
  }
  return fmt::format("{}", fmt::join(words, ","));
}

/// Whether `name` may stand for the star of a key whose option allows `names`.
bool is_name(std::string_view names, std::string_view name) {
  if (!names.empty()) return std::ranges::count(split_list(names), name) > 0;
  return !name.empty() &&
         std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

bool matches(std::string_view pattern, std::string_view names, std::string_view key) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == key;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  return key.size() > before.size() + after.size() && key.starts_with(before) && key.ends_with(after) &&
         is_name(names, key.substr(before.size(), key.size() - before.size() - after.size()));
}

bool matches(const Option& option, std::string_view key) { return matches(option.key, option.names, key); }

}  // namespace

const Option* find_option(std::string_view key) {
  const auto found = std::ranges::find_if(options(), [&](const Option& option) { return matches(option, key); });
  return found == options().end() ? nullptr : &*found;
}

bool is_table(std::string_view key) {
  return std::ranges::any_of(options(), [&](const Option& option) {
    const std::string_view table = option.key.substr(0, option.key.rfind('.'));
    return option.key.starts_with(std::string(key) + ".") || matches(table, option.names, key);
  });
}

std::optional<std::string> key_of_variable(std::string_view variable) {
  std::optional<std::string> key;
  std::size_t best = 0;
  for (const Option& option : options()) {
    const std::string pattern = environment_name(option);
    const std::size_t star = pattern.find('*');
    const std::string_view before = std::string_view(pattern).substr(0, star);
    const std::string_view after =
        star == std::string::npos ? std::string_view() : std::string_view(pattern).substr(star + 1);
    if (star == std::string::npos && variable == pattern) return std::string(option.key);
    if (star == std::string::npos || variable.size() <= before.size() + after.size() || !variable.starts_with(before) ||
        !variable.ends_with(after) || after.size() <= best)
      continue;
    std::string name(variable.substr(before.size(), variable.size() - before.size() - after.size()));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!is_name(option.names, name)) continue;
    key = with_name(option, name);
    best = after.size();
  }
  return key;
}

std::string with_name(const Option& option, std::string_view name) {
  const std::size_t star = option.key.find('*');
  return fmt::format("{}{}{}", option.key.substr(0, star), name, option.key.substr(star + 1));
}

std::string environment_name(const Option& option) {
  std::string name = "LLMI_";
  for (const char c : option.key) name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  return name;
}

std::string expected(const Option& option) {
  switch (option.type) {
    case Type::kText:
      return "text";
    case Type::kFlag:
      return "true or false";
    case Type::kInteger:
      return "a whole number";
    case Type::kNumber:
      return "a number";
    case Type::kDuration:
      return "a duration with a unit, such as \"10s\" or \"2m\"";
    case Type::kSize:
      return "a size with a unit, such as \"512MiB\" or \"1GiB\"";
    case Type::kList:
      return option.choices.empty() ? "a list of texts" : fmt::format("a list of: {}", option.choices);
    case Type::kChoice:
      return fmt::format("one of: {}", option.choices);
  }
  return "text";
}

std::expected<std::string, std::string> check(const Option& option, std::string_view text) {
  switch (option.type) {
    case Type::kText:
      return std::string(text);
    case Type::kFlag:
      if (text == "true" || text == "false") return std::string(text);
      break;
    case Type::kChoice:
      if (is_choice(option, text)) return std::string(text);
      break;
    case Type::kList:
      return check_list(option, text);
    default:
      return check_measure(option, text);
  }
  return std::unexpected(fmt::format("expected {}, got \"{}\"", expected(option), text));
}

std::optional<std::string_view> closest_key(std::string_view key) {
  const auto distance = [&](const Option& option) { return edit_distance(key, option.key); };
  const auto best = std::ranges::min_element(options(), {}, distance);
  return distance(*best) <= std::max<std::size_t>(2, key.size() / 4) ? std::optional(best->key) : std::nullopt;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace llmi::config
