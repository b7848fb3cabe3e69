#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::lm {

/// Turns the bytes of tokens into text that may be shown: whole UTF-8 characters, nothing that may still become a stop
/// string. Invalid bytes become U+FFFD. A pure value; not thread-safe.
class TextStream {
 public:
  /// Empty stop strings are ignored.
  explicit TextStream(std::vector<std::string> stop);

  /// Takes a token's bytes and returns what can be shown now (maybe nothing). Once stopped() nothing more comes.
  [[nodiscard]] std::string push(std::string_view bytes);
  /// What was held back, when nothing follows. A character that was cut off is dropped.
  [[nodiscard]] std::string finish();
  /// A stop string was reached; it and what follows it are not part of the output.
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  void take_whole_characters();
  [[nodiscard]] std::size_t showable() const;

  std::vector<std::string> stop_;
  std::string bytes_;  // the start of a character
  std::string held_;   // valid UTF-8
  bool stopped_ = false;
};

}  // namespace llmi::lm
