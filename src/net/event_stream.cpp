#include "net/event_stream.h"

#include <fmt/format.h>

#include <utility>

namespace llmi::net {

Result<bool> LineReader::feed(std::string_view bytes, const Sink& sink) {
  if (after_cr_ && !bytes.empty()) {
    if (bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find_first_of("\r\n");
    const std::string_view piece = bytes.substr(0, end);
    if (open_.size() + piece.size() > longest_)
      return fail(ErrorCode::kResourceExhausted, Origin::kUpstream,
                  fmt::format("a line of the server's stream is longer than {} bytes", longest_));
    open_ += piece;
    if (end == std::string_view::npos) return true;
    const bool cr = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (cr && bytes.starts_with('\n')) bytes.remove_prefix(1);
    after_cr_ = cr && bytes.empty();
    const std::string line = std::exchange(open_, {});
    if (!sink(line)) return false;
  }
  return true;
}

bool LineReader::finish(const Sink& sink) {
  const std::string line = std::exchange(open_, {});
  return line.empty() || sink(line);
}

Result<bool> EventReader::feed(std::string_view bytes, const Sink& sink) {
  return lines_.feed(bytes, [&](std::string_view line) { return take(line, sink); });
}

bool EventReader::finish(const Sink& sink) {
  return lines_.finish([&](std::string_view line) { return take(line, sink); }) && take("", sink);
}

bool EventReader::take(std::string_view line, const Sink& sink) {
  if (std::exchange(first_line_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (line.empty()) {
    const Event event = std::exchange(event_, {});
    return !std::exchange(has_data_, false) || sink(event);
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  } else if (field == "event") {
    event_.type = value;
  }
  return true;
}

}  // namespace llmi::net
