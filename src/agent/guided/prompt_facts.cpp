#include "agent/guided/prompt_facts.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/guided/asked_pictures.h"
#include "agent/guided/english.h"
#include "base/utf8.h"

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

// A title and a topic come from the beginning of a prompt; data may stand further on.
constexpr std::size_t kReadBytes = 2000;
constexpr std::size_t kDataBytes = 20'000;
constexpr std::size_t kLongestTopic = 60;
constexpr std::size_t kLongestTitle = 80;
constexpr std::size_t kMostClauses = 12;

// What comes before the subject, in order of how surely.
constexpr std::array kLeadIns{" about "sv,
                              " guide to "sv,
                              " introduction to "sv,
                              " intro to "sv,
                              " on the topic of "sv,
                              " history of "sv,
                              " story of "sv,
                              " tale of "sv,
                              " overview of "sv,
                              " report on "sv,
                              " article on "sv,
                              " essay on "sv,
                              " explain "sv,
                              " explains "sv,
                              " explaining "sv,
                              " describe "sv,
                              " describing "sv,
                              " compare "sv,
                              " comparing "sv,
                              " on "sv,
                              " of "sv,
                              " für "sv,
                              " über "sv,
                              " sur "sv,
                              " sobre "sv};

constexpr std::array kOrders{"write "sv,     "make "sv,       "create "sv,  "explain "sv, "describe "sv, "tell "sv,
                             "show "sv,      "compare "sv,    "please "sv,  "give "sv,    "draw "sv,     "generate "sv,
                             "produce "sv,   "prepare "sv,    "i "sv,       "can "sv,     "could "sv,    "help "sv,
                             "schreibe "sv,  "erkläre "sv,    "écris "sv,   "escribe "sv, "teach "sv,    "summarize "sv,
                             "summarise "sv, "illustrate "sv, "present "sv, "plot "sv,    "turn "sv,     "let "sv,
                             "design "sv};

constexpr std::array kStoryWords{"story"sv,     "tale"sv,       "fable"sv,  "fairytale"sv,  "fairy-tale"sv, "bedtime"sv,
                                 "adventure"sv, "adventures"sv, "legend"sv, "geschichte"sv, "märchen"sv};

constexpr std::array kStopWords{
    "a"sv,       "an"sv,        "the"sv,      "and"sv,         "or"sv,       "of"sv,
    "to"sv,      "in"sv,        "on"sv,       "at"sv,          "for"sv,      "from"sv,
    "with"sv,    "without"sv,   "by"sv,       "about"sv,       "as"sv,       "is"sv,
    "are"sv,     "was"sv,       "were"sv,     "be"sv,          "how"sv,      "what"sv,
    "why"sv,     "when"sv,      "which"sv,    "that"sv,        "this"sv,     "these"sv,
    "its"sv,     "their"sv,     "his"sv,      "her"sv,         "my"sv,       "your"sv,
    "our"sv,     "it"sv,        "they"sv,     "we"sv,          "you"sv,      "me"sv,
    "short"sv,   "brief"sv,     "long"sv,     "illustrated"sv, "guide"sv,    "introduction"sv,
    "article"sv, "report"sv,    "story"sv,    "essay"sv,       "document"sv, "write"sv,
    "make"sv,    "create"sv,    "explain"sv,  "describe"sv,    "tell"sv,     "show"sv,
    "compare"sv, "please"sv,    "picture"sv,  "pictures"sv,    "image"sv,    "images"sv,
    "photo"sv,   "photos"sv,    "chart"sv,    "charts"sv,      "plot"sv,     "graph"sv,
    "bar"sv,     "line"sv,      "pie"sv,      "diagram"sv,     "figure"sv,   "figures"sv,
    "page"sv,    "pages"sv,     "beginner"sv, "beginners"sv,   "children"sv, "kids"sv,
    "simple"sv,  "overview"sv,  "history"sv,  "into"sv,        "between"sv,  "over"sv,
    "some"sv,    "one"sv,       "two"sv,      "three"sv,       "than"sv,     "can"sv,
    "do"sv,      "does"sv,      "has"sv,      "have"sv,        "bedtime"sv,  "tale"sv,
    "who"sv,     "learns"sv,    "small"sv,    "big"sv,         "little"sv,   "using"sv,
    "include"sv, "including"sv, "each"sv,     "every"sv,       "most"sv,     "best"sv,
    "ein"sv,     "eine"sv,      "einen"sv,    "der"sv,         "die"sv,      "das"sv,
    "und"sv,     "über"sv,      "von"sv,      "mit"sv,         "für"sv,      "le"sv,
    "la"sv,      "les"sv,       "un"sv,       "une"sv,         "des"sv,      "et"sv,
    "sur"sv,     "avec"sv,      "el"sv,       "los"sv,         "las"sv,      "una"sv,
    "y"sv,       "con"sv,       "sobre"sv,    "kurzer"sv,      "bericht"sv,  "compared"sv,
    "year"sv,    "years"sv,     "per"sv,      "sizes"sv,       "values"sv,   "numbers"sv,
    "data"sv,    "million"sv,   "billion"sv,  "percent"sv,     "black"sv,    "white"sv,
    "version"sv, "then"sv,      "work"sv,     "works"sv};

struct ChartWord {
  std::string_view words;
  ChartKind kind;
};
constexpr std::array kChartWords{
    ChartWord{"bar chart"sv, ChartKind::kBar},     ChartWord{"bar graph"sv, ChartKind::kBar},
    ChartWord{"pie chart"sv, ChartKind::kPie},     ChartWord{"line chart"sv, ChartKind::kLine},
    ChartWord{"line graph"sv, ChartKind::kLine},   ChartWord{"line plot"sv, ChartKind::kLine},
    ChartWord{"chart"sv, ChartKind::kFitting},     ChartWord{"graph"sv, ChartKind::kFitting},
    ChartWord{"plot"sv, ChartKind::kFitting},      ChartWord{"diagramm"sv, ChartKind::kFitting},
    ChartWord{"graphique"sv, ChartKind::kFitting}, ChartWord{"gráfico"sv, ChartKind::kFitting}};

constexpr std::array kEditWords{"black and white"sv, "black-and-white"sv, "grayscale"sv,   "greyscale"sv,
                                "sepia"sv,           "mirrored"sv,        "upside down"sv, "blurred"sv};

/// One line, valid UTF-8. What could be markup ends a clause, like a semicolon.
std::string readable(std::string_view prompt, std::size_t limit) {
  std::string text;
  for (const char c : prompt.substr(0, valid_utf8_prefix(prompt.substr(0, limit)))) {
    const bool markup = "<>{}[]|`\\\"*_#~^="sv.find(c) != std::string_view::npos;
    if (markup || c == '\n') {
      if (!text.empty() && !text.ends_with("; ")) text += "; ";
    } else if (static_cast<unsigned char>(c) > 0x20 || !(text.empty() || text.ends_with(' '))) {
      text.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    }
  }
  return text;
}

/// Cut where the subject ends: at punctuation and at words that begin something else.
std::string until_break(std::string_view text) {
  static constexpr std::array kBreaks{
      ", "sv,      ". "sv,        ": "sv,          "; "sv,         " ("sv,     "?"sv,      "!"sv,
      " with "sv,  " using "sv,   " including "sv, " and then "sv, " that "sv, " for "sv,  " to a "sv,
      " to an "sv, " to my "sv,   " mit "sv,       " avec "sv,     " con "sv,  " plus "sv, " and include "sv,
      " - "sv,     " and add "sv, " and show "sv,
  };
  std::size_t end = text.size();
  const std::string small = lower(text);
  for (const std::string_view mark : kBreaks) {
    const std::size_t found = small.find(mark, 1);
    end = std::min(end, found);
  }
  return trimmed(text.substr(0, end));
}

std::string shortened(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const std::size_t space = text.rfind(' ', limit);
  if (space != std::string::npos) return text.substr(0, space);
  text.resize(limit);
  text.resize(valid_utf8_prefix(text));
  return text;
}

bool is_order(const std::string& text) {
  const std::string small = lower(text);
  return std::ranges::any_of(kOrders, [&](std::string_view order) { return small.starts_with(order); });
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

/// The parts of a prompt between punctuation and words that begin something else.
std::vector<std::string> clauses_of(const std::string& text) {
  std::vector<std::string> clauses;
  std::string_view rest = text;
  while (!rest.empty() && clauses.size() < kMostClauses) {
    const std::string clause = until_break(rest);
    const std::size_t at = clause.empty() ? 0 : rest.find(clause);
    if (!clause.empty()) clauses.push_back(clause);
    const std::size_t next = rest.find_first_of(",.:;?! ", at + std::max<std::size_t>(1, clause.size()));
    rest = next == std::string_view::npos ? std::string_view{} : rest.substr(next + 1);
  }
  return clauses;
}

/// What follows the lead-in ("guide to", "about") in a clause; empty without one.
std::string after_lead_in(const std::string& clause) {
  const std::string small = " " + lower(clause);
  for (const std::string_view lead : kLeadIns) {
    const std::size_t at = small.find(lead);
    if (at != std::string::npos)
      return trimmed(std::string_view(clause).substr(std::min(clause.size(), at + lead.size() - 1)));
  }
  return "";
}

/// The clause that says what the document is about: the first with a lead-in, else the first that holds no data.
std::string main_clause(const std::vector<std::string>& clauses) {
  for (const std::string& clause : clauses) {
    if (!has_digit(clause) && (&clause == &clauses.front() || is_order(clause)) && !after_lead_in(clause).empty())
      return clause;
  }
  for (const std::string& clause : clauses) {
    if (!has_digit(clause)) return clause;
  }
  return clauses.empty() ? "" : clauses.front();
}

std::string topic_phrase_of(const std::string& clause) {
  std::string topic = after_lead_in(clause);
  if (topic.empty()) topic = clause;
  for (const std::string_view end : {" explained", " for beginners", " for kids", " for children"}) {
    if (lower(topic).ends_with(end)) topic.resize(topic.size() - end.size());
  }
  return topic.empty() ? "document" : shortened(topic, kLongestTopic);
}

std::string without_article(const std::string& phrase) {
  const std::string small = lower(phrase);
  for (const std::string_view article :
       {"the "sv, "a "sv, "an "sv, "these "sv, "our "sv, "my "sv, "les "sv, "die "sv, "der "sv, "das "sv}) {
    if (small.starts_with(article)) return phrase.substr(article.size());
  }
  return phrase;
}

/// The prompt's first clause where it names a document; the topic where it gives an order.
std::string title_of(const std::string& text, const std::string& first_clause, const std::string& main,
                     const std::string& topic) {
  const std::size_t end = text.find(first_clause) + first_clause.size();
  const bool question = end < text.size() && text[end] == '?';
  const bool names = first_clause == main && main.size() <= kLongestTitle && !is_order(main);
  return title_case(names ? main + (question ? "?" : "") : topic);
}

std::optional<ChartWish> chart_wish(const std::string& text) {
  const std::string small = " " + lower(text) + " ";
  for (const ChartWord& word : kChartWords) {
    const std::size_t at = small.find(word.words);
    if (at == std::string::npos || (at > 0 && small[at - 1] != ' ')) continue;
    std::string_view rest = std::string_view(small).substr(at + word.words.size());
    if (rest.starts_with("s ")) rest.remove_prefix(1);
    ChartWish wish{.kind = word.kind, .subject = {}};
    for (const std::string_view of : {" of "sv, " showing "sv, " for "sv, " comparing "sv, " über "sv, " von "sv}) {
      if (!rest.starts_with(of)) continue;
      const std::size_t begin =
          at + word.words.size() + of.size() + (small.size() - at - word.words.size() - rest.size());
      wish.subject = without_article(until_break(std::string_view(text).substr(std::min(text.size(), begin - 1))));
      break;
    }
    if (wish.subject.size() > kLongestTopic || has_digit(wish.subject)) wish.subject.clear();
    return wish;
  }
  return std::nullopt;
}

std::string edit_wish(const std::string& text) {
  const std::string small = lower(text);
  for (const std::string_view words : kEditWords) {
    if (small.find(words) != std::string::npos) return std::string(words);
  }
  return "";
}

std::vector<std::string> content_words(const std::string& topic, const std::string& text) {
  std::vector<std::string> things;
  std::set<std::string> seen;
  for (const std::string& from : {topic, text}) {
    const auto words = words_of(from);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string small = lower(words[i]);
      // "How to plant a tree" is about a tree.
      const bool verb = i >= 2 && lower(words[i - 1]) == "to" && lower(words[i - 2]) == "how";
      if (small.size() > 2 && !verb && !has_digit(small) && !small.ends_with("year-old") &&
          std::ranges::find(kStopWords, small) == kStopWords.end() &&
          std::ranges::find(kOrders, small + " ") == kOrders.end() && seen.insert(singular(small)).second)
        things.push_back(words[i]);
    }
  }
  return things;
}

bool wants_story(const std::string& text) {
  const auto words = words_of(lower(text));
  return std::ranges::any_of(
      words, [](const std::string& word) { return std::ranges::find(kStoryWords, word) != kStoryWords.end(); });
}

}  // namespace

PromptFacts read_prompt(std::string_view prompt) {
  const std::string text = readable(prompt, kReadBytes);
  const auto clauses = clauses_of(text);
  const std::string main = main_clause(clauses);
  PromptFacts facts;
  facts.topic_phrase = topic_phrase_of(main);
  facts.topic = without_article(facts.topic_phrase);
  facts.title = clauses.empty() ? title_case(facts.topic) : title_of(text, clauses.front(), main, facts.topic);
  facts.story = wants_story(text);
  facts.data = read_given_data(prompt.substr(0, valid_utf8_prefix(prompt.substr(0, kDataBytes))));
  facts.pictures = asked_pictures(prompt);
  facts.chart = chart_wish(text);
  facts.edit_wish = edit_wish(text);
  facts.things = content_words(facts.topic, text);
  return facts;
}

}  // namespace llmi::agent
