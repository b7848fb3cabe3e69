#include "reward/judge_address.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace llmi::reward {
namespace {

using namespace std::string_view_literals;

/// What a word can be part of, as bits.
enum Part : unsigned {
  kJudge = 1,
  kDismissal = 2,
  kOrder = 4,
  kAddress = 8,
  kMark = 16,
  kAnswer = 32,
  kThis = 64,
  kHighest = 128,
};

struct Word {
  std::string_view text;
  Part part;
};

// Sorted, for the search.
constexpr std::array kWords{
    Word{"10/10", kHighest},       Word{"5", kHighest},         Word{"5/5", kHighest},
    Word{"above", kThis},          Word{"answer", kAnswer},     Word{"assessor", kJudge},
    Word{"assessors", kJudge},     Word{"attention", kAddress}, Word{"best", kHighest},
    Word{"bypass", kDismissal},    Word{"criteria", kOrder},    Word{"dear", kAddress},
    Word{"disregard", kDismissal}, Word{"evaluator", kJudge},   Word{"evaluators", kJudge},
    Word{"examiner", kJudge},      Word{"examiners", kJudge},   Word{"five", kHighest},
    Word{"forget", kDismissal},    Word{"full", kHighest},      Word{"grade", kMark},
    Word{"grader", kJudge},        Word{"graders", kJudge},     Word{"grades", kMark},
    Word{"guideline", kOrder},     Word{"guidelines", kOrder},  Word{"hello", kAddress},
    Word{"highest", kHighest},     Word{"ignore", kDismissal},  Word{"instruction", kOrder},
    Word{"instructions", kOrder},  Word{"judge", kJudge},       Word{"judges", kJudge},
    Word{"mark", kMark},           Word{"marks", kMark},        Word{"max", kHighest},
    Word{"maximum", kHighest},     Word{"my", kThis},           Word{"output", kAnswer},
    Word{"override", kDismissal},  Word{"perfect", kHighest},   Word{"please", kAddress},
    Word{"points", kMark},         Word{"rate", kMark},         Word{"rater", kJudge},
    Word{"raters", kJudge},        Word{"rating", kMark},       Word{"ratings", kMark},
    Word{"reply", kAnswer},        Word{"response", kAnswer},   Word{"reviewer", kJudge},
    Word{"reviewers", kJudge},     Word{"rubric", kOrder},      Word{"rubrics", kOrder},
    Word{"score", kMark},          Word{"scorer", kJudge},      Word{"scores", kMark},
    Word{"submission", kAnswer},   Word{"thank", kAddress},     Word{"thanks", kAddress},
    Word{"this", kThis},           Word{"top", kHighest},       Word{"you", kAddress},
    Word{"your", kAddress},
};
static_assert(std::ranges::is_sorted(kWords, {}, &Word::text));

/// What a sentence must hold, all of it, to be spoken to a judge.
constexpr std::array<unsigned, 6> kAddressings{
    kDismissal | kOrder,         kJudge | kAddress | kMark,          kJudge | kAddress | kHighest,
    kJudge | kAddress | kAnswer, kMark | kThis | kAnswer | kHighest, kJudge | kThis | kAnswer | kHighest,
};

/// The members of the verdicts that question.h asks for.
constexpr std::array kVerdictKeys{
    "text"sv,          "image"sv,          "image_quality"sv,       "task_relevance"sv, "text_image_relevance"sv,
    "image quality"sv, "task relevance"sv, "text-image relevance"sv};

bool is_word_byte(unsigned char byte) { return std::isalnum(byte) != 0 || byte >= 0x80 || byte == '/' || byte == '\''; }

unsigned part_of(std::string_view word) {
  const auto found = std::ranges::lower_bound(kWords, word, {}, &Word::text);
  if (found == kWords.end() || found->text != word) return 0;
  // A five out of five is both: a mark, and the highest.
  return found->text.find('/') == std::string_view::npos ? found->part : found->part | kMark;
}

constexpr std::size_t kLongestWord =
    std::ranges::max(kWords, {}, [](const Word& word) { return word.text.size(); }).text.size();

/// Of a word as it is written.
unsigned part_of_written(std::string_view written) {
  if (written.size() > kLongestWord) return 0;
  std::array<char, kLongestWord> word{};
  std::ranges::transform(written, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return part_of({word.data(), written.size()});
}

bool is_address(std::string_view sentence) {
  unsigned parts = 0;
  for (std::size_t begin = 0; begin < sentence.size();) {
    std::size_t end = begin;
    while (end < sentence.size() && is_word_byte(static_cast<unsigned char>(sentence[end]))) ++end;
    if (end > begin) parts |= part_of_written(sentence.substr(begin, end - begin));
    begin = end + 1;
  }
  return std::ranges::any_of(kAddressings, [&](unsigned needed) { return (parts & needed) == needed; });
}

/// "Text: 5" and "\"text\": 5".
bool is_verdict(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  std::string key;
  for (const char c : line.substr(0, colon)) {
    if (std::string_view("\"'*{ \t-").find(c) == std::string_view::npos || (c == ' ' && !key.empty()) ||
        (c == '-' && !key.empty()))
      key.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  if (std::ranges::count(kVerdictKeys, key) == 0) return false;
  const std::size_t value = line.find_first_not_of(" \t\"'*", colon + 1);
  return value != std::string_view::npos && line[value] >= '1' && line[value] <= '5' &&
         (value + 1 == line.size() || std::isalnum(static_cast<unsigned char>(line[value + 1])) == 0);
}

/// Every piece between separators.
template <class Test>
bool any_piece(std::string_view text, std::string_view separators, const Test& test) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0 && test(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

bool addresses_judge(std::string_view text) {
  if (any_piece(text, "\n,{", is_verdict)) return true;
  return any_piece(text, ".!?\n", is_address);
}

}  // namespace llmi::reward
