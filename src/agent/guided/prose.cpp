#include "agent/guided/prose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "agent/guided/english.h"
#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSentenceTokens = 60;
constexpr int kMostCredit = 4;
constexpr int kUnfit = 6;

constexpr std::array kUnfitWords{
    "click"sv,   "website"sv,      "images"sv,     "pictures"sv, "photos"sv,     "i"sv,         "my"sv,    "me"sv,
    "we"sv,      "our"sv,          "us"sv,         "you"sv,      "your"sv,       "i'm"sv,       "let's"sv, "chapter"sv,
    "article"sv, "section"sv,      "paragraph"sv,  "essay"sv,    "image"sv,      "picture"sv,   "photo"sv, "document"sv,
    "prompt"sv,  "text"sv,         "author"sv,     "reader"sv,   "conclusion"sv, "noun"sv,      "word"sv,  "sentence"sv,
    "phrase"sv,  "encyclopedia"sv, "definition"sv, "fact"sv,     "facts"sv,      "sentences"sv, "words"sv, "writer"sv,
    "term"sv,    "context"sv,      "shit"sv,       "fuck"sv,     "sex"sv};

// A sentence that ends with one of these was cut off.
constexpr std::array kOpenEnds{"a"sv,    "an"sv,    "the"sv,  "of"sv,      "to"sv,  "in"sv,    "on"sv,
                               "and"sv,  "or"sv,    "with"sv, "for"sv,     "by"sv,  "from"sv,  "as"sv,
                               "that"sv, "which"sv, "is"sv,   "are"sv,     "its"sv, "their"sv, "such"sv,
                               "be"sv,   "into"sv,  "at"sv,   "capable"sv, "new"sv, "very"sv,  "including"sv,
                               "it"sv,   "own"sv,   "more"sv, "most"sv,    "has"sv, "have"sv,  "can"sv};

constexpr std::string_view kWordRules = R"gbnf(
low ::= [a-z]
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

/// Sentences that end where none can.
int open_ends(std::string_view sentences) {
  int count = 0;
  for (std::size_t end = sentences.find('.'); end != std::string_view::npos; end = sentences.find('.', end + 1)) {
    const auto words = words_of(lower(sentences.substr(0, end)));
    if (!words.empty() && std::ranges::find(kOpenEnds, words.back()) != kOpenEnds.end()) ++count;
  }
  return count;
}

}  // namespace

std::string prose_grammar(std::size_t sentences, bool begun) {
  const std::string whole = R"(name (mark word){5,26} ".")";
  const std::string first = begun ? R"gbnf((" " word) (mark word){4,24} ".")gbnf" : whole;
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

int prose_score(std::string_view sentences, const ProseContext& context) {
  std::set<std::string> met;
  int unfit = 0;
  for (const std::string& written : words_of(sentences)) {
    const std::string word = lower(written);
    if (std::ranges::find(kUnfitWords, word) != kUnfitWords.end()) ++unfit;
    const bool ours = std::ranges::any_of(context.vocabulary, [&](const std::string& v) { return same_noun(v, word); });
    if (ours) met.insert(singular(word));
    const bool name = context.names && written != word;
    if (!ours && !name && context.lexicon != nullptr && !context.lexicon->knows(word.substr(0, word.find('\''))))
      ++unfit;
  }
  return std::min(kMostCredit, static_cast<int>(met.size())) - kUnfit * (unfit + open_ends(sentences)) -
         3 * repetitions(sentences, context.document);
}

}  // namespace llmi::agent
