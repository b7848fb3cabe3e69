#include "tools/edit/phrase.h"

#include <algorithm>
#include <stdexcept>

#include "tools/edit/colour.h"

namespace llmi::tools::edit {

struct Phrase::Node {
  enum class Kind : unsigned char { kWord, kMark, kName, kSequence, kChoice };
  Kind kind = Kind::kSequence;
  std::string text;
  std::vector<Node> children;  ///< kChoice: an empty sequence among them makes it optional.
};

namespace {

using Node = Phrase::Node;

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_(pattern) {}

  Node run() {
    Node node = choice('\0');
    if (at_ != pattern_.size()) malformed();
    return node;
  }

 private:
  [[noreturn]] void malformed() const { throw std::logic_error("malformed phrase: " + std::string(pattern_)); }

  void skip_space() {
    while (at_ < pattern_.size() && (pattern_[at_] == ' ' || pattern_[at_] == '\n')) ++at_;
  }

  Node choice(char close) {
    Node node{.kind = Node::Kind::kChoice};
    node.children.push_back(sequence());
    while (at_ < pattern_.size() && pattern_[at_] == '|') {
      ++at_;
      node.children.push_back(sequence());
    }
    if (close != '\0') {
      if (at_ == pattern_.size() || pattern_[at_] != close) malformed();
      ++at_;
    }
    return node.children.size() == 1 ? std::move(node.children.front()) : node;
  }

  Node sequence() {
    Node node{.kind = Node::Kind::kSequence};
    for (skip_space(); at_ < pattern_.size() && std::string_view("|)]").find(pattern_[at_]) == std::string_view::npos;
         skip_space())
      node.children.push_back(item());
    return node;
  }

  Node item() {
    const char c = pattern_[at_];
    if (c == '(') {
      ++at_;
      return choice(')');
    }
    if (c == '[') {
      ++at_;
      Node inner = choice(']');
      Node optional{.kind = Node::Kind::kChoice};
      optional.children.push_back(std::move(inner));
      optional.children.push_back(Node{.kind = Node::Kind::kSequence});
      return optional;
    }
    const std::size_t end = std::min(pattern_.find_first_of(" \n()[]|", at_), pattern_.size());
    std::string_view word = pattern_.substr(at_, end - at_);
    at_ = end;
    if (word.starts_with('=')) return {.kind = Node::Kind::kMark, .text = std::string(word.substr(1))};
    if (word.starts_with('<') && word.ends_with('>'))
      return {.kind = Node::Kind::kName, .text = std::string(word.substr(1, word.size() - 2))};
    return {.kind = Node::Kind::kWord, .text = std::string(word)};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
};

void collect_words(const Node& node, Words& words) {
  if (node.kind == Node::Kind::kWord) words.insert(node.text);
  for (const Node& child : node.children) collect_words(child, words);
}

struct NumberWord {
  std::string_view word;
  double value;
};
constexpr auto kUnits = std::to_array<NumberWord>({{"one", 1},
                                                   {"two", 2},
                                                   {"three", 3},
                                                   {"four", 4},
                                                   {"five", 5},
                                                   {"six", 6},
                                                   {"seven", 7},
                                                   {"eight", 8},
                                                   {"nine", 9}});
constexpr auto kTens = std::to_array<NumberWord>({{"ten", 10},
                                                  {"fifteen", 15},
                                                  {"twenty", 20},
                                                  {"thirty", 30},
                                                  {"forty", 40},
                                                  {"fifty", 50},
                                                  {"sixty", 60},
                                                  {"seventy", 70},
                                                  {"eighty", 80},
                                                  {"ninety", 90},
                                                  {"hundred", 100}});

std::optional<double> value_of(std::span<const NumberWord> words, std::string_view word) {
  const auto found = std::ranges::find(words, word, &NumberWord::word);
  return found == words.end() ? std::nullopt : std::optional(found->value);
}

class Matcher {
 public:
  using Next = std::function<void(std::size_t at)>;

  Matcher(const Vocabulary& vocabulary, std::span<const Token> tokens, std::size_t& steps)
      : vocabulary_(vocabulary), tokens_(tokens), steps_(steps) {}

  std::vector<PhraseMatch> run(const Node& root, std::size_t begin) {
    visit(root, begin, [&](std::size_t end) { found(end); });
    return std::move(results_);
  }

 private:
  void found(std::size_t end) {
    const bool known = std::ranges::any_of(results_, [&](const PhraseMatch& match) {
      return match.end == end && match.captures.marks == captures_.marks;
    });
    if (known) return;
    const auto place = std::ranges::upper_bound(results_, end, std::ranges::greater{}, &PhraseMatch::end);
    results_.insert(place, {.end = end, .captures = captures_});
  }

  void visit(const Node& node, std::size_t at, const Next& next) {
    if (steps_ == 0) return;
    --steps_;
    switch (node.kind) {
      case Node::Kind::kSequence:
        return sequence(node, 0, at, next);
      case Node::Kind::kChoice:
        for (const Node& child : node.children) visit(child, at, next);
        return;
      case Node::Kind::kMark:
        captures_.marks.push_back(node.text);
        next(at);
        captures_.marks.pop_back();
        return;
      case Node::Kind::kWord:
        if (is_word(at) && tokens_[at].text == node.text) next(at + 1);
        return;
      case Node::Kind::kName:
        return name(node.text, at, next);
    }
  }

  void sequence(const Node& node, std::size_t index, std::size_t at, const Next& next) {
    if (index == node.children.size()) return next(at);
    visit(node.children[index], at, [&](std::size_t after) { sequence(node, index + 1, after, next); });
  }

  void name(const std::string& text, std::size_t at, const Next& next) {
    if (text == "number") return number(at, next);
    if (text == "text") return quoted(at, next);
    if (text == "colour") return colour(at, next);
    const auto found = vocabulary_.find(text);
    if (found == vocabulary_.end()) throw std::logic_error("unknown phrase <" + text + ">");
    if (text == "place") return place(found->second.root(), at, next);
    visit(found->second.root(), at, next);
  }

  void number(std::size_t at, const Next& next) {
    if (at >= tokens_.size()) return;
    if (tokens_[at].kind == Token::Kind::kNumber) return with_number(tokens_[at].number, at + 1, next);
    if (!is_word(at)) return;
    if (const auto unit = value_of(kUnits, tokens_[at].text)) return with_number(*unit, at + 1, next);
    const auto tens = value_of(kTens, tokens_[at].text);
    if (!tens) return;
    const auto unit = is_word(at + 1) ? value_of(kUnits, tokens_[at + 1].text) : std::nullopt;
    if (unit) return with_number(*tens + *unit, at + 2, next);
    with_number(*tens, at + 1, next);
  }

  void with_number(double value, std::size_t at, const Next& next) {
    captures_.numbers.push_back(value);
    next(at);
    captures_.numbers.pop_back();
  }

  void quoted(std::size_t at, const Next& next) {
    if (at >= tokens_.size() || tokens_[at].kind != Token::Kind::kQuote) return;
    captures_.texts.push_back(tokens_[at].text);
    next(at + 1);
    captures_.texts.pop_back();
  }

  void colour(std::size_t at, const Next& next) {
    const auto shade = is_word(at) ? shade_named(tokens_[at].text) : std::nullopt;
    const std::size_t named = shade ? at + 1 : at;
    const auto value = is_word(named) ? colour_named(tokens_[named].text) : std::nullopt;
    if (!value) return;
    captures_.colours.push_back(shade ? shaded(*value, *shade) : *value);
    next(named + 1);
    captures_.colours.pop_back();
  }

  /// The marks inside a place are kept together, apart from the others.
  void place(const Node& node, std::size_t at, const Next& next) {
    const std::vector<std::string> before = captures_.marks;
    visit(node, at, [&](std::size_t after) {
      std::vector<std::string> inside = captures_.marks;
      std::string joined;
      for (std::size_t i = before.size(); i < inside.size(); ++i) joined += (joined.empty() ? "" : " ") + inside[i];
      captures_.marks = before;
      captures_.places.push_back(std::move(joined));
      next(after);
      captures_.places.pop_back();
      captures_.marks = std::move(inside);
    });
  }

  [[nodiscard]] bool is_word(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::kWord;
  }

  const Vocabulary& vocabulary_;
  std::span<const Token> tokens_;
  std::size_t& steps_;
  Captures captures_;
  std::vector<PhraseMatch> results_;
};

}  // namespace

bool Captures::has(std::string_view mark) const { return std::ranges::find(marks, mark) != marks.end(); }

Phrase::Phrase(std::string_view pattern) : root_(std::make_unique<Node>(PatternReader(pattern).run())) {}
Phrase::Phrase(Phrase&&) noexcept = default;
Phrase& Phrase::operator=(Phrase&&) noexcept = default;
Phrase::~Phrase() = default;

void Phrase::add_words(Words& words) const { collect_words(*root_, words); }

std::vector<PhraseMatch> match(const Phrase& phrase, const Vocabulary& vocabulary, std::span<const Token> tokens,
                               std::size_t begin, std::size_t& steps) {
  return Matcher(vocabulary, tokens, steps).run(phrase.root(), begin);
}

}  // namespace llmi::tools::edit
