#include "data/layout.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "base/utf8.h"
#include "data/letters.h"

namespace llmi::data {
namespace {

std::string say(const Language& language, std::string_view kind, Random& random) {
  const auto lines = language.voice.find(kind);
  if (lines == language.voice.end()) return {};
  return expand(lines->second[random.below(lines->second.size())], random, language.numbers);
}

/// Sentences one after the other, as the language separates them.
std::string prose(std::initializer_list<const std::vector<std::string>*> groups, const Language& language) {
  std::string text;
  for (const auto* group : groups) {
    for (const std::string& sentence : *group) {
      if (sentence.empty()) continue;
      if (!text.empty() && language.spaces) text += ' ';
      text += sentence;
    }
  }
  return text;
}

std::string joined(std::initializer_list<std::string_view> paragraphs, std::string_view separator = "\n\n") {
  std::string text;
  for (const std::string_view paragraph : paragraphs) {
    if (paragraph.empty()) continue;
    if (!text.empty()) text += separator;
    text += paragraph;
  }
  return text;
}

std::string first_word(const std::string& text) {
  const std::vector<std::string> all = words(text);
  return all.empty() ? std::string() : all.front();
}

/// The wants with words between them, as one says them rather than lists them.
std::vector<std::string> led(const Parts& parts, const Language& language, Random& random) {
  const std::vector<std::string>& wants = parts.wants;
  std::vector<std::string> said;
  for (std::size_t at = 0; at < wants.size(); ++at) {
    std::string between = random.below(2) == 0 ? say(language, at == 0 ? "lead" : "also", random) : "";
    if (at == 0 && !parts.lead.empty()) between = parts.lead;
    // "And: And show …" is not what anybody writes.
    if (first_word(between) != first_word(wants[at])) said.push_back(between);
    said.push_back(wants[at]);
  }
  return said;
}

std::string in_one_go(const Parts& parts, const Language& language, Random& random) {
  const std::vector<std::string> first{parts.situation};
  const std::vector<std::string> wants = led(parts, language, random);
  return prose({&first, &parts.asks, &wants, &parts.rest}, language);
}

std::string in_paragraphs(const Parts& parts, const Language& language, Random& random) {
  const std::vector<std::string> first{parts.situation};
  const std::vector<std::string> wants = led(parts, language, random);
  if (random.below(2) == 0)
    return joined({prose({&first, &parts.asks}, language), prose({&wants, &parts.rest}, language)});
  return joined({parts.situation, prose({&parts.asks, &wants}, language), prose({&parts.rest}, language)});
}

std::string as_list(const Parts& parts, const Language& language, Random& random) {
  if (parts.asks.size() + parts.wants.size() < 2) return in_paragraphs(parts, language, random);
  const bool numbered = random.below(3) == 0;
  // With a lead of their own the wants are the list; otherwise everything is.
  std::vector<std::string> first{parts.situation};
  std::vector<std::string> items = parts.wants;
  first.insert(first.end(), parts.asks.begin(), parts.asks.end());
  if (parts.lead.empty()) {
    first.resize(1);
    items.insert(items.begin(), parts.asks.begin(), parts.asks.end());
  }
  first.push_back(parts.lead.empty() && random.below(3) != 0 ? say(language, "list", random) : parts.lead);
  std::string list;
  int number = 0;
  for (const std::string& item : items)
    list += numbered ? fmt::format("\n{}. {}", ++number, item) : fmt::format("\n- {}", item);
  return joined({prose({&first}, language) + list, prose({&parts.rest}, language)});
}

std::string as_letter(const Parts& parts, const Language& language, Random& random) {
  const std::string thanks = say(language, "thanks", random);
  const std::string name = random.below(3) == 0 ? "" : say(language, "name", random);
  const std::vector<std::string> first{parts.situation};
  const std::vector<std::string> wants = led(parts, language, random);
  return joined({say(language, "hello", random), prose({&first, &parts.asks}, language),
                 prose({&wants, &parts.rest}, language), joined({thanks, name}, "\n")});
}

/// Two letters of one long plain word change places.
void slip(std::string& text, Random& random) {
  for (int tries = 0; tries < 8 && !text.empty(); ++tries) {
    const std::size_t at = random.below(text.size());
    std::size_t end = at;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
    const bool begins = at == 0 || text[at - 1] == ' ';
    if (!begins || end - at < 7 || (end < text.size() && text[end] != ' ') || text[at + 3] == text[at + 4]) continue;
    std::swap(text[at + 3], text[at + 4]);
    return;
  }
}

/// Small letters where sentences begin (not before another capital: "DNA"), no full stop at the end.
std::string hurried(std::string text, Random& random) {
  std::string out;
  bool begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const bool acronym =
        lower(code_point_at(text, at + point.bytes).value) != code_point_at(text, at + point.bytes).value;
    append_utf8(out, begins && !acronym ? lower(point.value) : point.value);
    if (is_letter(point.value)) begins = false;
    const bool stops = point.value == U'.' || point.value == U'!' || point.value == U'?';
    if (stops && at + 1 < text.size() && text[at + 1] == ' ') begins = true;
    at += point.bytes;
  }
  if (out.ends_with('.')) out.pop_back();
  if (random.below(4) == 0) slip(out, random);
  return out;
}

std::string as_chat(const Parts& parts, const Language& language, Random& random) {
  const std::vector<std::string> first{parts.situation};
  const std::vector<std::string> wants = led(parts, language, random);
  std::string text = prose({&first, &parts.asks, &wants, &parts.rest}, language);
  const std::string thanks = random.below(2) == 0 ? say(language, "thx", random) : "";
  if (!language.spaces) return text + thanks;
  text = hurried(text, random);
  if (thanks.empty()) return text;
  return text + (random.below(2) == 0 ? "\n" : ". ") + hurried(thanks, random);
}

std::string with_greeting(const Parts& parts, const Language& language, Random& random) {
  // A greeting that ends in a comma stands on a line of its own.
  const std::string greeting = say(language, "hi", random);
  const bool line = greeting.ends_with(',') || greeting.ends_with("\uFF0C");
  const std::vector<std::string> first{line ? greeting + "\n" + parts.situation : greeting,
                                       line ? "" : parts.situation};
  const std::vector<std::string> wants = led(parts, language, random);
  const std::vector<std::string> last{random.below(2) == 0 ? say(language, "thx", random) : ""};
  return prose({&first, &parts.asks, &wants, &parts.rest, &last}, language);
}

using Layout = std::string (*)(const Parts&, const Language&, Random&);
/// Each as often as it stands here.
constexpr std::array<Layout, 12> kLayouts{in_one_go,     in_one_go, in_one_go, in_one_go, in_paragraphs, in_paragraphs,
                                          in_paragraphs, as_list,   as_list,   as_letter, as_chat,       with_greeting};

}  // namespace

std::string lay_out(const Parts& parts, const Language& language, Random& random) {
  return kLayouts[random.below(kLayouts.size())](parts, language, random);
}

}  // namespace llmi::data
