#include "reward/verdict.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace llmi::reward {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kThink = "<think>";
constexpr std::string_view kThinkEnd = "</think>";

std::string without_thoughts(std::string_view reply) {
  std::string text(reply);
  for (std::size_t begin = text.find(kThink); begin != std::string::npos; begin = text.find(kThink, begin)) {
    const std::size_t end = text.find(kThinkEnd, begin);
    text.erase(begin, end == std::string::npos ? end : end + kThinkEnd.size() - begin);
  }
  // Some chat templates open the thought in the prompt.
  if (const std::size_t end = text.rfind(kThinkEnd); end != std::string::npos) text.erase(0, end + kThinkEnd.size());
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::optional<int> mark_of(double value) {
  const int mark = value >= 1 && value <= 5 ? static_cast<int>(value) : 0;
  return mark > 0 && mark == value ? std::optional(mark) : std::nullopt;
}

/// One mark by its name in JSON and on a line.
struct MarkName {
  std::string_view member;
  std::string_view line;
};

/// The marks of one verdict, and where in the reply it ends.
struct Found {
  std::map<std::string_view, std::optional<int>> marks;
  std::optional<bool> needs_pictures;
  std::size_t end = 0;
};

/// The end of the object that begins at `begin`; npos when it does not end.
std::size_t object_end(std::string_view text, std::size_t begin) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

std::optional<int> mark_of(const Json& value) {
  if (value.is_number()) return mark_of(value.get<double>());
  if (!value.is_string()) return std::nullopt;
  const auto text = value.get<std::string>();
  return text.size() == 1 && text[0] >= '1' && text[0] <= '5' ? std::optional(text[0] - '0') : std::nullopt;
}

std::optional<Found> verdict_in(const Json& object, std::initializer_list<MarkName> names) {
  if (!object.is_object()) return std::nullopt;
  Found found;
  bool any = false;
  for (const MarkName& name : names) {
    if (!object.contains(name.member)) continue;
    any = true;
    found.marks[name.member] = mark_of(object[name.member]);
  }
  if (const auto needs = object.find("needs_pictures"); needs != object.end() && needs->is_boolean())
    found.needs_pictures = needs->get<bool>();
  return any ? std::optional(found) : std::nullopt;
}

/// Of the objects that stand by themselves; what a verdict quotes in its reason is none of its own.
std::optional<Found> last_object(const std::string& text, std::initializer_list<MarkName> names) {
  constexpr int kMostTries = 256;
  std::optional<Found> last;
  std::size_t at = text.find('{');
  for (int tries = 0; tries < kMostTries && at != std::string::npos; ++tries) {
    const std::size_t end = object_end(text, at);
    const Json object = end == std::string::npos
                            ? Json()
                            : Json::parse(text.begin() + static_cast<std::ptrdiff_t>(at),
                                          text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    auto found = verdict_in(object, names);
    if (found) {
      found->end = end;
      last = std::move(found);
    }
    at = text.find('{', last && last->end > at ? last->end : at + 1);
  }
  return last;
}

/// The last "NAME: 4" for a name that begins a line, whatever Markdown stands around it.
std::optional<std::pair<std::optional<int>, std::size_t>> last_line(const std::string& text, std::string_view name) {
  for (std::size_t at = text.rfind(name); at != std::string::npos; at = at == 0 ? at : text.rfind(name, at - 1)) {
    const std::size_t line = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
    const bool begins =
        std::ranges::none_of(text.substr(line, at - line), [](unsigned char c) { return std::isalnum(c) != 0; });
    const std::size_t colon = text.find_first_not_of(" *_\t", at + name.size());
    if (begins && colon != std::string::npos && text[colon] == ':') {
      const std::size_t value = text.find_first_not_of(" *_\t", colon + 1);
      double number = 0;
      if (value == std::string::npos) return std::pair(std::nullopt, colon);
      const auto [end, error] = std::from_chars(text.data() + value, text.data() + text.size(), number);
      const auto place = static_cast<std::size_t>(end - text.data());
      return std::pair(error == std::errc{} ? mark_of(number) : std::nullopt, place);
    }
    if (at == 0) break;
  }
  return std::nullopt;
}

std::optional<Found> last_lines(const std::string& text, std::initializer_list<MarkName> names) {
  Found found;
  for (const MarkName& name : names) {
    const auto line = last_line(text, name.line);
    if (!line) continue;
    found.marks[name.member] = line->first;
    found.end = std::max(found.end, line->second);
  }
  return found.marks.empty() ? std::nullopt : std::optional(found);
}

Found last_verdict(std::string_view reply, std::initializer_list<MarkName> names) {
  const std::string text = without_thoughts(reply);
  const auto object = last_object(text, names);
  const auto lines = last_lines(lower(text), names);
  if (object && lines) return object->end >= lines->end ? *object : *lines;
  if (object) return *object;
  return lines.value_or(Found{});
}

}  // namespace

TextVerdict read_text_verdict(std::string_view reply) {
  Found found = last_verdict(reply, {{"text", "text"}, {"image", "image"}});
  return {.text = found.marks["text"], .image = found.marks["image"], .needs_pictures = found.needs_pictures};
}

PictureVerdict read_picture_verdict(std::string_view reply) {
  Found found = last_verdict(reply, {{"image_quality", "image quality"},
                                     {"task_relevance", "task relevance"},
                                     {"text_image_relevance", "text-image relevance"}});
  return {.image_quality = found.marks["image_quality"],
          .task_relevance = found.marks["task_relevance"],
          .text_image_relevance = found.marks["text_image_relevance"]};
}

}  // namespace llmi::reward
