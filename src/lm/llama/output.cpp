#include "lm/llama/output.h"

#include <algorithm>

#include "base/utf8.h"

namespace llmi::lm {

/// Length of the longest end of the pending text that could be the beginning of a stop text.
std::size_t Output::held_back() const {
  std::size_t longest = 0;
  for (const std::string& stop : stop_) {
    for (std::size_t n = std::min(stop.size() - 1, pending_.size()); n > longest; --n) {
      if (std::string_view(pending_).ends_with(std::string_view(stop).substr(0, n))) longest = n;
    }
  }
  return longest;
}

Flow Output::emit(std::size_t bytes) {
  if (bytes == 0) return Flow::kContinue;
  const std::string piece = to_valid_utf8(std::string_view(pending_).substr(0, bytes));
  pending_.erase(0, bytes);
  return sink_(piece);
}

Flow Output::add(std::string_view bytes) {
  pending_ += bytes;
  std::size_t end = std::string::npos;
  for (const std::string& stop : stop_) end = std::min(end, pending_.find(stop));
  if (end != std::string::npos) {
    emit(end);
    pending_.clear();
    return Flow::kStop;
  }
  const std::string_view ready = std::string_view(pending_).substr(0, pending_.size() - held_back());
  // An incomplete character is at most three bytes long; anything longer that is not valid will never be.
  std::size_t whole = valid_utf8_prefix(ready);
  if (ready.size() - whole > 3) whole = ready.size();
  return emit(whole);
}

void Output::finish() { emit(pending_.size()); }

}  // namespace llmi::lm
