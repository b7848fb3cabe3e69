#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "document/event.h"

namespace llmi::app {

/// Shows a run to a person on standard error: on a terminal the text as it streams and one line a figure; plain lines
/// for figures only when standard error is no terminal. Not thread-safe: called from the session's one sink.
class Progress {
 public:
  Progress();
  void add(const document::Event& event);

 private:
  void line(char mark, std::size_t index, const std::string& text);
  [[nodiscard]] std::string label(std::size_t index) const;

  bool terminal_ = false;
  bool colour_ = false;
  bool in_text_ = false;  ///< The cursor stands behind streamed text.
  std::map<std::size_t, std::string> labels_;
};

}  // namespace llmi::app
