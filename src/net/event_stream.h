#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi::net {

/// Cuts a byte stream into lines, incrementally: LF, CRLF and lone CR end one. Not thread-safe.
class LineReader {
 public:
  /// Longer lines are kResourceExhausted.
  explicit LineReader(std::size_t longest = std::size_t{16} << 20) : longest_(longest) {}

  using Sink = std::function<bool(std::string_view line)>;  ///< Returning false ends the reading.

  /// False once the sink has ended the reading. Errors: kResourceExhausted.
  [[nodiscard]] Result<bool> feed(std::string_view bytes, const Sink& sink);
  /// The last line, where the stream ended without a line end.
  [[nodiscard]] bool finish(const Sink& sink);

 private:
  std::size_t longest_;
  std::string open_;
  bool after_cr_ = false;
};

/// Reads server-sent events (the HTML standard, section 9.2) incrementally: comment lines, several data lines, CR LF
/// and a byte order mark are understood; an event that the end of the stream cuts off is dropped, as the standard
/// says, unless finish() is asked for it. Not thread-safe.
class EventReader {
 public:
  struct Event {
    std::string type;  ///< Empty: "message".
    std::string data;
  };
  using Sink = std::function<bool(const Event& event)>;

  [[nodiscard]] Result<bool> feed(std::string_view bytes, const Sink& sink);
  /// Hands out an event that was complete but for its closing empty line.
  [[nodiscard]] bool finish(const Sink& sink);

 private:
  [[nodiscard]] bool take(std::string_view line, const Sink& sink);

  LineReader lines_;
  Event event_;
  bool has_data_ = false;
  bool first_line_ = true;
};

}  // namespace llmi::net
