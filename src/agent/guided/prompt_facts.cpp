#include "agent/guided/prompt_facts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>
#include <set>

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

// What is read of a prompt; std::regex recurses, and a title comes from the beginning anyway.
constexpr std::size_t kReadBytes = 2000;
constexpr std::size_t kMostValues = 12;
constexpr std::size_t kLongestTopic = 60;

constexpr std::array kLeadIns{
    " about "sv, " on the topic of "sv, " on "sv, " guide to "sv, " introduction to "sv, " history of "sv, " story of "sv, " overview of "sv,
    " explain "sv, " explains "sv, " describing "sv, " of "sv, " über "sv, " sur "sv, " sobre "sv,
};

constexpr std::array kStopWords{
    "a"sv, "an"sv, "the"sv, "and"sv, "or"sv, "of"sv, "to"sv, "in"sv, "on"sv, "at"sv, "for"sv, "from"sv, "with"sv, "without"sv, "by"sv, "about"sv,
    "as"sv, "is"sv, "are"sv, "was"sv, "were"sv, "be"sv, "how"sv, "what"sv, "why"sv, "when"sv, "which"sv, "that"sv, "this"sv, "these"sv, "its"sv,
    "their"sv, "his"sv, "her"sv, "my"sv, "your"sv, "our"sv, "it"sv, "they"sv, "we"sv, "you"sv, "me"sv, "short"sv, "brief"sv, "long"sv, "illustrated"sv,
    "guide"sv, "introduction"sv, "article"sv, "report"sv, "story"sv, "essay"sv, "document"sv, "write"sv, "make"sv, "create"sv, "explain"sv, "describe"sv,
    "tell"sv, "show"sv, "compare"sv, "please"sv, "picture"sv, "pictures"sv, "image"sv, "images"sv, "photo"sv, "photos"sv, "chart"sv, "charts"sv, "plot"sv,
    "graph"sv, "bar"sv, "diagram"sv, "figure"sv, "figures"sv, "page"sv, "pages"sv, "beginner"sv, "beginners"sv, "children"sv, "kids"sv, "simple"sv,
    "overview"sv, "history"sv, "into"sv, "between"sv, "over"sv, "some"sv, "one"sv, "two"sv, "three"sv, "than"sv, "can"sv, "do"sv, "does"sv, "has"sv, "have"sv,
    "ein"sv, "eine"sv, "einen"sv, "der"sv, "die"sv, "das"sv, "und"sv, "über"sv, "von"sv, "mit"sv, "für"sv, "le"sv, "la"sv, "les"sv, "un"sv, "une"sv, "des"sv, "et"sv,
    "sur"sv, "avec"sv, "el"sv, "los"sv, "las"sv, "una"sv, "y"sv, "con"sv, "sobre"sv, "kurzer"sv, "bericht"sv, "compared"sv, "year"sv, "years"sv, "per"sv,
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kEdges = " \t\r\n.,;:!?\"'()[]{}<>*_#-";
  const std::size_t begin = text.find_first_not_of(kEdges);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kEdges) - begin + 1));
}

/// The prompt as the rules read it: one line, nothing that could be markup.
std::string readable(std::string_view prompt) {
  std::string text(prompt.substr(0, kReadBytes));
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || std::string_view("<>{}[]|`\\\"").find(c) != std::string_view::npos) c = ' ';
  }
  return text;
}

/// Cut where the subject ends: at punctuation and at words that begin something else.
std::string until_break(std::string_view text) {
  static constexpr std::array kBreaks{", "sv, ". "sv, ": "sv, "; "sv, " ("sv, " with "sv, " including "sv, " and then "sv, " that "sv, " for "sv, " mit "sv, " avec "sv, " con "sv, "?"sv, "!"sv};
  std::size_t end = text.size();
  const std::string small = lower(text);
  for (const std::string_view mark : kBreaks) end = std::min(end, small.find(mark));
  return trimmed(text.substr(0, end));
}

std::string shorten(std::string text) {
  if (text.size() <= kLongestTopic) return text;
  const std::size_t space = text.rfind(' ', kLongestTopic);
  return text.substr(0, space == std::string::npos ? kLongestTopic : space);
}

std::string topic_of(const std::string& text) {
  const std::string small = " " + lower(text);
  for (const std::string_view lead : kLeadIns) {
    const std::size_t at = small.find(lead);
    if (at == std::string::npos) continue;
    std::string rest = until_break(std::string_view(text).substr(std::min(text.size(), at + lead.size() - 1)));
    for (const std::string_view article : {"the "sv, "a "sv, "an "sv}) {
      if (lower(rest).starts_with(article)) rest.erase(0, article.size());
    }
    if (!rest.empty()) return shorten(rest);
  }
  const std::string whole = until_break(text);
  return whole.empty() ? "document" : shorten(whole);
}

std::string label_of(std::string_view text) {
  std::string label = trimmed(text);
  const std::string small = lower(label);
  for (const std::string_view start : {"and "sv, "the "sv, "is "sv, "was "sv, "with "sv, "of "sv, "are "sv, "in "sv}) {
    if (small.starts_with(start)) return label_of(std::string_view(label).substr(start.size()));
  }
  for (const std::string_view end : {" is"sv, " was"sv, " are"sv, " had"sv, " has"sv, " at"sv, " of"sv}) {
    if (small.ends_with(end)) label.resize(label.size() - end.size());
  }
  return label.size() > 40 ? "" : label;
}

void add_value(PromptFacts& facts, std::string label, std::string number, const std::string& unit, std::set<std::string>& units) {
  std::erase(number, ',');
  const bool known = std::ranges::any_of(facts.values, [&](const GivenValue& v) { return v.label == label; });
  if (label.empty() || known || facts.values.size() >= kMostValues) return;
  units.insert(unit);
  facts.values.push_back({std::move(label), std::strtod(number.c_str(), nullptr), number});
}

/// "coal 35, gas 23 and hydro 15", "2019: 12; 2020: 15", "coal (35%)".
void read_values(const std::string& text, PromptFacts& facts) {
  static const std::regex kPair(
      R"((?:^|[,;:.(]|\band\b|\bund\b|\bet\b|\by\b)\s*((?:[12]\d{3}|[^\d,;:.()=]{2,40}?))\s*[:=(]?\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(%|°C|km|kg|GW|MW|TWh|m|cm|mm|million|billion|percent|euros?|dollars?)?(?=[\s,;.)]|$))");
  std::set<std::string> units;
  std::string rest = text;
  std::smatch match;
  while (std::regex_search(rest, match, kPair)) {
    add_value(facts, label_of(match[1].str()), match[2].str(), match[3].str(), units);
    rest = match.suffix();
  }
  if (facts.values.size() < 2) facts.values.clear();
  if (units.size() == 1 && !facts.values.empty()) facts.unit = *units.begin();
}

void read_chart_wish(const std::string& text, PromptFacts& facts) {
  static const std::regex kWish(R"(\b(bar chart|pie chart|line chart|chart|plot|graph|diagramm?|graphique|gráfico)\b(?:\s+(?:of|showing|for|über|von|der|des|de)\s+([^,.;:!?]{3,60}))?)",
                                std::regex::icase);
  std::smatch match;
  if (!std::regex_search(text, match, kWish)) return;
  facts.wants_chart = true;
  facts.chart_subject = trimmed(match[2].str());
  if (lower(facts.chart_subject).starts_with("the ")) facts.chart_subject.erase(0, 4);
}

void read_things(const std::string& text, PromptFacts& facts) {
  std::set<std::string> seen;
  const auto add_words = [&](std::string_view from) {
    std::string word;
    for (const char c : std::string(from) + " ") {
      const bool part = c == '-' || c == '\'' || static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (part) {
        word.push_back(c);
        continue;
      }
      const std::string small = lower(word);
      if (small.size() > 2 && std::ranges::find(kStopWords, small) == kStopWords.end() && seen.insert(small).second) facts.things.push_back(word);
      word.clear();
    }
  };
  add_words(facts.topic);
  add_words(text);
}

}  // namespace

PromptFacts read_prompt(std::string_view prompt) {
  const std::string text = readable(prompt);
  PromptFacts facts;
  facts.topic = topic_of(text);
  read_values(text, facts);
  read_chart_wish(text, facts);
  read_things(text, facts);
  return facts;
}

}  // namespace llmi::agent
