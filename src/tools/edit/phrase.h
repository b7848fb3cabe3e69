#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/edit/instruction_tokens.h"
#include "tools/edit/typing_slip.h"
#include "tools/edit/values.h"

namespace llmi::tools::edit {

/// What a phrase found in the instruction, in the order of the words.
struct Captures {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  std::vector<Colour> colours;
  std::vector<std::string> places;  ///< The marks inside each <place>, joined by spaces.
  std::vector<std::string> marks;

  [[nodiscard]] bool has(std::string_view mark) const;
};

/// A pattern of words:
///   word        exactly this word                 a b c     in sequence
///   (a|b c)     one of these                      [a|b]     one of these or nothing
///   <name>      another phrase, or a built-in: <number>, <text> (quoted), <colour>
///   =mark       matches nothing and leaves a mark in the captures
class Phrase {
 public:
  struct Node;
  /// Throws std::logic_error when the pattern is malformed: patterns are constants of the program.
  explicit Phrase(std::string_view pattern);
  Phrase(Phrase&&) noexcept;
  Phrase& operator=(Phrase&&) noexcept;
  ~Phrase();
  [[nodiscard]] const Node& root() const { return *root_; }
  /// Adds the words that the pattern itself has; not those of the phrases it refers to.
  void add_words(Words& words) const;

 private:
  std::unique_ptr<Node> root_;
};

/// Named phrases that patterns may refer to.
using Vocabulary = std::map<std::string, Phrase, std::less<>>;

struct PhraseMatch {
  std::size_t end = 0;  ///< Index of the token after the phrase.
  Captures captures;
};

/// All ways in which the phrase fits the tokens from `begin` on, the longest first, one for each end and each set of
/// marks. `steps` is the work still allowed; at 0 the search ends with what it has.
[[nodiscard]] std::vector<PhraseMatch> match(const Phrase& phrase, const Vocabulary& vocabulary,
                                             std::span<const Token> tokens, std::size_t begin, std::size_t& steps);

}  // namespace llmi::tools::edit
