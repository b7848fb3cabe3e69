#include "agent/guided/prose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "agent/guided/english.h"

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSentenceTokens = 48;
constexpr int kMostCredit = 4;
constexpr int kUnfit = 6;

constexpr std::array kUnfitWords{
    "i"sv,       "my"sv,    "me"sv,         "we"sv,      "our"sv,         "us"sv,        "you"sv,    "your"sv,
    "i'm"sv,     "let's"sv, "chapter"sv,    "article"sv, "section"sv,     "paragraph"sv, "essay"sv,  "image"sv,
    "picture"sv, "photo"sv, "document"sv,   "prompt"sv,  "text"sv,        "author"sv,    "reader"sv, "conclusion"sv,
    "shit"sv,    "fuck"sv,  "definition"sv, "noun"sv,    "encyclopedia"sv};

constexpr std::string_view kWordRules = R"gbnf(
low ::= [a-z\u00DF-\u00FF]
lower ::= low{1,15} ("'" [a-z]{1,2})?
name ::= [A-Z] low{1,14}
word ::= lower | name
mark ::= " " | ", "
)gbnf";

/// Runs of four words.
std::set<std::string> quadruples(std::string_view text) {
  const auto words = words_of(lower(text));
  std::set<std::string> runs;
  for (std::size_t i = 0; i + 4 <= words.size(); ++i)
    runs.insert(words[i] + " " + words[i + 1] + " " + words[i + 2] + " " + words[i + 3]);
  return runs;
}

int repetitions(std::string_view sentences, std::string_view document) {
  const auto before = quadruples(document);
  const auto now = quadruples(sentences);
  const auto repeated = std::ranges::count_if(now, [&](const std::string& run) { return before.contains(run); });
  const auto words = words_of(lower(sentences));
  int doubled = 0;
  for (std::size_t i = 1; i < words.size(); ++i) doubled += words[i] == words[i - 1] ? 1 : 0;
  // Fewer different runs than words have places for: the sentences repeat themselves.
  const std::size_t places = words.size() >= 4 ? words.size() - 3 : 0;
  return static_cast<int>(repeated) + doubled + static_cast<int>(places - std::min(places, now.size()));
}

}  // namespace

std::string prose_grammar(std::size_t sentences, bool begun) {
  const std::string whole = R"(name (mark word){5,20} ".")";
  const std::string first = begun ? R"gbnf((" " word) (mark word){4,18} ".")gbnf" : whole;
  std::string root = fmt::format("root ::= {}", first);
  for (std::size_t i = 1; i < sentences; ++i) root += " \" \" sentence";
  return fmt::format("{}\nsentence ::= {}{}", root, whole, kWordRules);
}

std::size_t prose_tokens(std::size_t sentences) { return sentences * kSentenceTokens; }

std::string whole_sentences(std::string text) {
  const std::size_t end = text.rfind('.');
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

int prose_score(std::string_view sentences, std::string_view document, const std::vector<std::string>& vocabulary) {
  std::set<std::string> met;
  int unfit = 0;
  for (const std::string& word : words_of(lower(sentences))) {
    if (std::ranges::find(kUnfitWords, word) != kUnfitWords.end()) ++unfit;
    const bool known = std::ranges::any_of(vocabulary, [&](const std::string& v) { return same_noun(v, word); });
    if (known) met.insert(singular(word));
  }
  return std::min(kMostCredit, static_cast<int>(met.size())) - kUnfit * unfit - 3 * repetitions(sentences, document);
}

}  // namespace llmi::agent
