#include "agent/guided/given_values.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "agent/guided/english.h"

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostValues = 12;
constexpr std::size_t kLongestLabel = 40;

struct Token {
  enum class Kind : std::uint8_t { kWord, kNumber, kSeparator, kColon };
  Kind kind = Kind::kSeparator;
  std::string text;  ///< Numbers: normalised.
  std::string unit;  ///< Numbers: what is glued to them ("%", "$", "km").
  bool year = false;
};

constexpr std::array kUnits{"%"sv,      "percent"sv, "million"sv,   "billion"sv, "trillion"sv, "thousand"sv, "bn"sv,
                            "mn"sv,     "k"sv,       "km"sv,        "m"sv,       "cm"sv,       "mm"sv,       "kg"sv,
                            "g"sv,      "t"sv,       "tons"sv,      "tonnes"sv,  "miles"sv,    "feet"sv,     "ft"sv,
                            "meters"sv, "metres"sv,  "litres"sv,    "liters"sv,  "l"sv,        "ml"sv,       "kW"sv,
                            "MW"sv,     "GW"sv,      "kWh"sv,       "MWh"sv,     "GWh"sv,      "TWh"sv,      "°C"sv,
                            "°F"sv,     "degrees"sv, "hours"sv,     "h"sv,       "days"sv,     "weeks"sv,    "months"sv,
                            "years"sv,  "points"sv,  "people"sv,    "euros"sv,   "euro"sv,     "dollars"sv,  "pounds"sv,
                            "km/h"sv,   "mph"sv,     "Millionen"sv, "Prozent"sv, "$"sv,        "€"sv,        "£"sv};

// Words that stand between a label and its number, or before a label, and belong to neither.
constexpr std::array kFillers{
    "is"sv,      "are"sv,       "was"sv,    "were"sv,    "has"sv,    "have"sv,  "had"sv,     "with"sv,   "of"sv,
    "at"sv,      "the"sv,       "a"sv,      "an"sv,      "in"sv,     "for"sv,   "from"sv,    "to"sv,     "by"sv,
    "about"sv,   "we"sv,        "sold"sv,   "it"sv,      "they"sv,   "and"sv,   "chart"sv,   "plot"sv,   "graph"sv,
    "showing"sv, "show"sv,      "shows"sv,  "only"sv,    "then"sv,   "than"sv,  "got"sv,     "made"sv,   "our"sv,
    "compare"sv, "comparing"sv, "versus"sv, "vs"sv,      "that"sv,   "these"sv, "numbers"sv, "values"sv, "data"sv,
    "figures"sv, "roughly"sv,   "around"sv, "nearly"sv,  "almost"sv, "gets"sv,  "on"sv,      "per"sv,    "ist"sv,
    "hat"sv,     "im"sv,        "waren"sv,  "reached"sv, "rose"sv,   "fell"sv,  "using"sv};

// Numbers beside these count parts of the document or name things.
constexpr std::array kNotData{"figures"sv, "figure"sv, "pictures"sv, "picture"sv,    "images"sv, "pages"sv,
                              "page"sv,    "words"sv,  "sections"sv, "paragraphs"sv, "tips"sv,   "steps"sv,
                              "step"sv,    "ways"sv,   "chapter"sv,  "chapters"sv,   "part"sv,   "top"sv,
                              "version"sv, "photos"sv, "facts"sv};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// "12,000" -> "12000", "3,5" -> "3.5", "1.234.567" -> "1234567".
std::string normalised(std::string_view digits) {
  const auto commas = std::ranges::count(digits, ',');
  const auto dots = std::ranges::count(digits, '.');
  const std::size_t comma = digits.rfind(',');
  const std::size_t dot = digits.rfind('.');
  // The later of two kinds of marks is the decimal one; a single comma is one unless three digits follow it.
  const bool comma_last = commas > 0 && dots > 0 && comma > dot;
  const bool lone_comma = dots == 0 && commas == 1 && digits.size() - comma != 4;
  const char decimal = comma_last || lone_comma || (commas == 0 && dots > 1) ? ',' : '.';
  std::string number;
  for (const char c : digits) {
    if (is_digit(c)) number.push_back(c);
    if (c == decimal) number.push_back('.');
  }
  // Python reads "007" as an error.
  const std::size_t zeros = std::min(number.find_first_not_of('0'), number.size() - 1);
  return number.substr(number[zeros] == '.' ? zeros - 1 : zeros);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Token> tokens() {
    while (at_ < text_.size()) read_token();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : ' '; }

  void read_token() {
    const char c = at(at_);
    for (const std::string_view sign : {"$"sv, "€"sv, "£"sv}) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      prefix_ = sign;
      at_ += sign.size();
      return;
    }
    if (is_digit(c)) return read_number();
    if (is_letter(c)) return read_word();
    ++at_;
    if (c == ';' || c == '\n' || c == ',' || (c == '.' && !is_digit(at(at_)))) {
      // "coal,35" is one row of a table.
      const bool row = c == ',' && is_digit(at(at_)) && at_ >= 2 && is_letter(at(at_ - 2));
      if (!row) tokens_.push_back({.kind = Token::Kind::kSeparator});
    } else if (c == ':' || c == '=') {
      tokens_.push_back({.kind = Token::Kind::kColon});
    } else if (c == '-') {
      negative_ = is_digit(at(at_)) && (at_ < 2 || at(at_ - 2) == ' ' || at(at_ - 2) == ':');
    }
  }

  void read_word() {
    const std::size_t begin = at_;
    while (is_letter(at(at_)) || is_digit(at(at_)) || ((at(at_) == '-' || at(at_) == '\'') && is_letter(at(at_ + 1))))
      ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    const std::string small = lower(word);
    if (small == "and" || small == "und" || small == "et" || small == "y" || small == "e") {
      tokens_.push_back({.kind = Token::Kind::kSeparator});
    } else {
      tokens_.push_back({.kind = Token::Kind::kWord, .text = std::move(word)});
    }
  }

  void read_number() {
    const std::size_t begin = at_;
    while (is_digit(at(at_)) || ((at(at_) == '.' || at(at_) == ',') && is_digit(at(at_ + 1)))) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    const std::size_t glued = at_;
    while (is_letter(at(at_)) || at(at_) == '%' || (at(at_) == '/' && is_letter(at(at_ + 1)))) ++at_;
    std::string unit(text_.substr(glued, at_ - glued));
    // "5-year-old", "1939-1945", "11th": no number of anything.
    const bool compound = at(at_) == '-' && (is_letter(at(at_ + 1)) || is_digit(at(at_ + 1)));
    const bool dash = unit.starts_with("–");
    if (compound || dash || (!unit.empty() && !among(kUnits, unit)) || digits.size() > 20) {
      while (is_letter(at(at_)) || is_digit(at(at_)) || at(at_) == '-') ++at_;
      tokens_.push_back({.kind = Token::Kind::kWord, .text = std::string(text_.substr(begin, at_ - begin))});
    } else {
      if (unit.empty()) unit = std::exchange(prefix_, "");
      const bool plain = digits.size() == 4 && std::ranges::all_of(digits, is_digit);
      tokens_.push_back({.kind = Token::Kind::kNumber,
                         .text = (negative_ ? "-" : "") + normalised(digits),
                         .unit = std::move(unit),
                         .year = plain && (digits[0] == '1' || digits.starts_with("20"))});
    }
    prefix_.clear();
    negative_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string prefix_;  ///< A sign of currency before a number.
  bool negative_ = false;
  std::vector<Token> tokens_;
};

struct Reading {
  std::string before;  ///< The label where it comes first.
  std::string after;   ///< The label where it comes behind the number.
  std::string number;
  std::string unit;
  std::string noun;   ///< What is counted, in "40,000 bees in summer"; may be empty ("10,000 in winter").
  std::string place;  ///< Where or when, there.
};

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The label in the words before a number: what follows the last filler, fillers right before the number left out.
std::string label_before(std::vector<std::string> words) {
  while (!words.empty() && among(kFillers, lower(words.back()))) words.pop_back();
  std::size_t begin = words.size();
  while (begin > 0 && !among(kFillers, lower(words[begin - 1]))) --begin;
  return joined(std::span(words).subspan(begin));
}

/// The label in the words after a number: up to the first filler, fillers right after the number left out.
std::string label_after(std::span<const std::string> words) {
  while (!words.empty() && among(kFillers, lower(words.front()))) words = words.subspan(1);
  std::size_t end = 0;
  while (end < words.size() && !among(kFillers, lower(words[end]))) ++end;
  return joined(words.first(end));
}

/// Noun and place of the words after a number.
void read_place(std::span<const std::string> after, Reading& reading) {
  const auto in = std::ranges::find_if(
      after, [](const std::string& word) { return lower(word) == "in" || lower(word) == "during"; });
  if (in == after.end()) return;
  const auto at = static_cast<std::size_t>(in - after.begin());
  reading.noun = joined(after.first(at));
  reading.place = label_after(after.subspan(at + 1));
}

/// Whether a list tells one thing at several places or times: then those are its labels.
bool tells_places(std::span<const Reading> readings) {
  std::set<std::string> nouns;
  std::set<std::string> places;
  for (const Reading& reading : readings) {
    if (!reading.noun.empty()) nouns.insert(lower(reading.noun));
    places.insert(lower(reading.place));
  }
  const bool lead_in_only = std::ranges::all_of(readings.subspan(std::min<std::size_t>(1, readings.size())),
                                                [](const Reading& reading) { return reading.before.empty(); });
  return lead_in_only && nouns.size() == 1 && places.size() == readings.size() && !places.contains("");
}

/// One part of a list: words and numbers between separators.
class Part {
 public:
  void add(const Token& token) { tokens_.push_back(token); }
  [[nodiscard]] bool empty() const { return tokens_.empty(); }

  [[nodiscard]] std::optional<Reading> read() const {
    const auto value = value_position();
    if (!value) return std::nullopt;
    std::vector<std::string> before;
    std::vector<std::string> after;
    std::string year;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (i == *value) continue;
      // What stands before a colon leads in, unless the colon is the label's own.
      if (token.kind == Token::Kind::kColon && i + 1 < *value) before.clear();
      if (token.kind == Token::Kind::kNumber) year = token.text;
      if (token.kind == Token::Kind::kWord) (i < *value ? before : after).push_back(token.text);
    }
    const auto counts_parts = [](const std::string& word) { return among(kNotData, lower(word)); };
    if ((!after.empty() && counts_parts(after.front())) || (!before.empty() && counts_parts(before.back())))
      return std::nullopt;
    std::string unit = tokens_[*value].unit;
    if (!after.empty() && among(kUnits, after.front()) && unit != "%") {
      unit += (unit.empty() ? "" : " ") + after.front();
      after.erase(after.begin());
    }
    Reading reading{label_before(before), label_after(after), tokens_[*value].text, std::move(unit)};
    read_place(after, reading);
    if (!year.empty()) {
      if (reading.unit.empty()) reading.unit = reading.after;
      reading.before = year;
      reading.after.clear();
    }
    const bool fits = reading.before.size() <= kLongestLabel && reading.after.size() <= kLongestLabel;
    if (!fits || (reading.before.empty() && reading.after.empty())) return std::nullopt;
    return reading;
  }

 private:
  /// The number that is the value: the only one, or the one beside a year. Where all look like years, the second.
  [[nodiscard]] std::optional<std::size_t> value_position() const {
    std::vector<std::size_t> years;
    std::vector<std::size_t> values;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind != Token::Kind::kNumber) continue;
      (tokens_[i].year && tokens_[i].unit.empty() ? years : values).push_back(i);
    }
    if (values.size() == 1 && years.size() <= 1) return values.front();
    if (values.empty() && years.size() == 2 && years[0] + 2 == years[1] &&
        tokens_[years[0] + 1].kind == Token::Kind::kColon)
      return years[1];
    return std::nullopt;
  }

  std::vector<Token> tokens_;
};

/// Splits at separators, and after a number when another one follows without any ("Berlin 3.7 million Madrid 3.3").
std::vector<Part> parts_of(const std::vector<Token>& tokens) {
  std::vector<Part> parts(1);
  for (const Token& token : tokens) {
    if (token.kind != Token::Kind::kSeparator) {
      parts.back().add(token);
    } else if (!parts.back().empty()) {
      parts.emplace_back();
    }
  }
  return parts;
}

/// The longest run of parts that give a value each; one part between them may give none.
std::vector<Reading> longest_run(const std::vector<Part>& parts) {
  std::vector<Reading> best;
  std::vector<Reading> run;
  std::size_t gap = 0;
  for (const Part& part : parts) {
    auto reading = part.read();
    if (reading) {
      run.push_back(*std::move(reading));
      gap = 0;
    } else if (++gap > 1) {
      run.clear();
    }
    if (run.size() > best.size()) best = run;
  }
  return best;
}

}  // namespace

GivenData read_given_data(std::string_view prompt) {
  std::vector<Reading> readings = longest_run(parts_of(Reader(prompt).tokens()));
  if (tells_places(readings)) {
    for (Reading& reading : readings) {
      if (reading.unit.empty()) reading.unit = reading.noun;
      reading.before = reading.place;
      reading.after.clear();
    }
  }
  // One list has all its labels on one side; the first number may have a lead-in before it.
  const bool behind = std::ranges::any_of(readings, [](const Reading& r) { return r.before.empty(); }) &&
                      std::ranges::all_of(readings, [](const Reading& r) { return !r.after.empty(); });
  GivenData data;
  std::set<std::string> labels;
  std::set<std::string> units;
  for (const Reading& reading : readings) {
    const std::string& label = behind ? reading.after : reading.before.empty() ? reading.after : reading.before;
    if (data.values.size() >= kMostValues || !labels.insert(lower(label)).second) continue;
    if (!reading.unit.empty()) units.insert(reading.unit);
    data.values.push_back({label, reading.number});
  }
  if (data.values.size() < 2) return {};
  if (units.size() == 1) data.unit = *units.begin();
  return data;
}

}  // namespace llmi::agent
