#include "agent/guided/english.h"

#include <algorithm>
#include <array>

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::array kSmallWords{"a"sv,    "an"sv, "and"sv, "as"sv, "at"sv, "but"sv, "by"sv, "for"sv,
                                 "from"sv, "in"sv, "of"sv,  "on"sv, "or"sv, "the"sv, "to"sv, "with"sv};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_word_byte(char c) {
  return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = is_upper(c) ? static_cast<char>(c + 32) : c;
  return result;
}

std::string capitalised(std::string text) {
  if (!text.empty() && is_lower(text[0])) text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string title_case(std::string_view text) {
  std::string result;
  std::string word;
  const auto add_word = [&] {
    const bool small = !result.empty() && std::ranges::find(kSmallWords, word) != kSmallWords.end();
    result += small ? word : capitalised(word);
    word.clear();
  };
  for (const char c : text) {
    if (c != ' ') {
      word.push_back(c);
      continue;
    }
    add_word();
    result.push_back(' ');
  }
  add_word();
  return result;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool joint = (c == '\'' || c == '-') && !word.empty() && i + 1 < text.size() && is_word_byte(text[i + 1]);
    if (is_word_byte(c) || joint) {
      word.push_back(c);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

std::string singular(std::string_view noun) {
  std::string word(noun);
  if (word.size() < 4 || !word.ends_with('s') || ends_with_any(word, {"ss", "us", "is"})) return word;
  if (word.ends_with("ies")) return word.substr(0, word.size() - 3) + "y";
  if (ends_with_any(word, {"ches", "shes", "xes", "sses", "zes", "oes"})) return word.substr(0, word.size() - 2);
  return word.substr(0, word.size() - 1);
}

std::string plural(std::string_view noun) {
  std::string word(noun);
  if (ends_with_any(word, {"s", "x", "ch", "sh", "z", "cano", "ato"})) return word + "es";
  const bool consonant_y =
      word.size() > 1 && word.ends_with('y') && "aeiou"sv.find(word[word.size() - 2]) == std::string_view::npos;
  return consonant_y ? word.substr(0, word.size() - 1) + "ies" : word + "s";
}

bool same_noun(std::string_view a, std::string_view b) { return singular(lower(a)) == singular(lower(b)); }

std::string with_article(std::string_view noun) {
  if (noun.empty() || is_upper(noun[0])) return std::string(noun);
  // "an hour" and "a university" are heard, not seen.
  const bool vowel = "aeiou"sv.find(noun[0]) != std::string_view::npos && !noun.starts_with("uni") &&
                     !noun.starts_with("eu") && !noun.starts_with("one");
  return (vowel || noun.starts_with("hour") || noun.starts_with("honest") ? "an " : "a ") + std::string(noun);
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kEdges = " \t\r\n.,;:!?\"'()[]{}<>*_#-";
  const std::size_t begin = text.find_first_not_of(kEdges);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kEdges) - begin + 1));
}

}  // namespace llmi::agent
