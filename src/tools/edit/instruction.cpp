#include "tools/edit/instruction.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tools/edit/colour.h"
#include "tools/edit/instruction_tokens.h"
#include "tools/edit/phrase.h"
#include "tools/edit/rules.h"
#include "tools/edit/typing_slip.h"

namespace llmi::tools::edit {
namespace {

constexpr std::size_t kMaxTokens = 300;
constexpr std::size_t kMaxSteps = 2'000'000;

struct CompiledRule {
  Phrase phrase;
  const Rule* rule;
};

/// All patterns, read once.
struct Grammar {
  Vocabulary vocabulary;
  std::vector<CompiledRule> rules;
  Phrase filler{filler_pattern()};
  Words words;  ///< All that patterns and colours know.

  Grammar() {
    for (const NamedPhrase& named : named_phrases()) vocabulary.emplace(named.name, Phrase(named.pattern));
    for (const auto table : {tone_rules(), geometry_rules(), drawing_rules()}) {
      for (const Rule& rule : table) rules.push_back({Phrase(rule.pattern), &rule});
    }
    filler.add_words(words);
    for (const auto& [name, phrase] : vocabulary) phrase.add_words(words);
    for (const CompiledRule& rule : rules) rule.phrase.add_words(words);
    for (const std::string_view colour : colour_words()) words.emplace(colour);
  }
};

const Grammar& grammar() {
  static const Grammar kInstance;
  return kInstance;
}

/// One request: where it ends and what it means.
struct Request {
  std::size_t end = 0;
  Program program;
};

class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<Program> run() {
    std::optional<Program> program = from(0, true);
    if (program && (program->empty() || program->size() > kMaxOperations)) return std::nullopt;
    return program;
  }

  /// First token of what could not be read.
  [[nodiscard]] std::size_t farthest() const { return farthest_; }
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }

 private:
  /// The program of everything from token `at` on; empty when some word is left over. Requests stand apart, after a
  /// filler
  /// (`apart`) or with a "with"; otherwise "make half of it grey" would be two.
  std::optional<Program> from(std::size_t at, bool apart) {
    if (at == tokens_.size()) return Program{};
    if (!hopeless_.insert({at, apart}).second) return std::nullopt;
    farthest_ = std::max(farthest_, at);
    if (apart || joins(tokens_[at])) {
      for (const Request& request : requests_at(at)) {
        auto rest = from(request.end, false);
        if (!rest) continue;
        Program program = request.program;
        program.insert(program.end(), rest->begin(), rest->end());
        return program;
      }
    }
    for (const PhraseMatch& filler : match(grammar().filler, grammar().vocabulary, tokens_, at, steps_)) {
      if (auto rest = from(filler.end, true)) return rest;
    }
    return std::nullopt;
  }

  [[nodiscard]] static bool joins(const Token& token) {
    constexpr std::array<std::string_view, 3> kWith{"with", "mit", "avec"};
    return token.kind == Token::Kind::kWord && std::ranges::find(kWith, token.text) != kWith.end();
  }

  /// What may be asked for at this place, the longest first.
  std::vector<Request> requests_at(std::size_t at) {
    std::vector<Request> requests;
    for (const CompiledRule& rule : grammar().rules) {
      for (const PhraseMatch& found : match(rule.phrase, grammar().vocabulary, tokens_, at, steps_)) {
        if (found.end == at) continue;
        auto program = rule.rule->build(found.captures);
        if (!program) continue;
        const auto place = std::ranges::upper_bound(requests, found.end, std::ranges::greater{}, &Request::end);
        requests.insert(place, {.end = found.end, .program = *std::move(program)});
      }
    }
    return requests;
  }

  std::vector<Token> tokens_;
  // Places seen before: a second visit can only fail as the first did, or the first would have ended the search.
  std::set<std::pair<std::size_t, bool>> hopeless_;
  std::size_t farthest_ = 0;
  std::size_t steps_ = kMaxSteps;
};

void mend_slips(std::vector<Token>& tokens) {
  for (Token& token : tokens) {
    if (token.kind != Token::Kind::kWord) continue;
    if (auto meant = meant_by_slip(token.text, grammar().words)) token.text = *std::move(meant);
  }
}

bool separates(const Token& token) {
  constexpr std::array<std::string_view, 9> kSeparators{",", ";", ".", "and", "then", "und", "dann", "et", "puis"};
  return token.kind == Token::Kind::kWord && std::ranges::find(kSeparators, token.text) != kSeparators.end();
}

/// The clause around the first word that could not be read.
std::string rest_of_clause(std::string_view instruction, const std::vector<Token>& tokens, std::size_t from) {
  while (from < tokens.size() && separates(tokens[from])) ++from;
  if (from >= tokens.size()) return std::string(instruction);
  std::size_t last = from;
  while (last + 1 < tokens.size() && !separates(tokens[last + 1])) ++last;
  return std::string(instruction.substr(tokens[from].begin, tokens[last].end - tokens[from].begin));
}

}  // namespace

std::variant<Program, NotUnderstood> read_instruction(std::string_view instruction) {
  std::vector<Token> tokens = read_tokens(instruction);
  if (tokens.empty() || tokens.size() > kMaxTokens) return NotUnderstood{std::string(instruction)};
  mend_slips(tokens);
  Reader reader(std::move(tokens));
  if (auto program = reader.run()) return *std::move(program);
  return NotUnderstood{rest_of_clause(instruction, reader.tokens(), reader.farthest())};
}

}  // namespace llmi::tools::edit
