#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lm/language_model.h"

namespace llmi::lm {

/// Turns the bytes of tokens into what a TextSink gets: whole characters, nothing from a stop text on. Not thread-safe.
class Output {
 public:
  Output(const std::vector<std::string>& stop, const TextSink& sink) : stop_(stop), sink_(sink) {}

  /// kStop when a stop text was completed or the sink wants no more.
  Flow add(std::string_view bytes);
  /// The end: hands on what was held back.
  void finish();

 private:
  [[nodiscard]] std::size_t held_back() const;
  Flow emit(std::size_t bytes);

  const std::vector<std::string>& stop_;
  const TextSink& sink_;
  std::string pending_;
};

}  // namespace llmi::lm
