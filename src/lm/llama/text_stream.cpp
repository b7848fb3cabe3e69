#include "lm/llama/text_stream.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/utf8.h"

namespace llmi::lm {
namespace {

/// True when more bytes could make these a character.
bool starts_character(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() >= length) return false;
  // Every lead byte takes the smallest or the largest continuation byte.
  for (const char filler : {'\x80', '\xBF'}) {
    std::string whole(bytes);
    whole.resize(length, filler);
    if (is_valid_utf8(whole)) return true;
  }
  return false;
}

}  // namespace

TextStream::TextStream(std::vector<std::string> stop) : stop_(std::move(stop)) {
  std::erase_if(stop_, [](const std::string& text) { return text.empty(); });
}

void TextStream::take_whole_characters() {
  std::size_t tail = 0;
  for (std::size_t length = 1; length <= std::min<std::size_t>(3, bytes_.size()); ++length)
    if (starts_character(std::string_view(bytes_).substr(bytes_.size() - length))) tail = length;
  const std::size_t whole = bytes_.size() - tail;
  held_ += to_valid_utf8(std::string_view(bytes_).substr(0, whole));
  bytes_.erase(0, whole);
}

std::size_t TextStream::showable() const {
  std::size_t keep = 0;
  for (const std::string& stop : stop_) {
    for (std::size_t length = std::min(stop.size() - 1, held_.size()); length > keep; --length) {
      if (held_.ends_with(std::string_view(stop).substr(0, length))) {
        keep = length;
        break;
      }
    }
  }
  // A held-back part starts with a character's first byte, as stop strings are whole characters.
  return held_.size() - keep;
}

std::string TextStream::push(std::string_view bytes) {
  if (stopped_) return {};
  bytes_ += bytes;
  take_whole_characters();
  std::size_t end = std::string::npos;
  for (const std::string& stop : stop_) end = std::min(end, held_.find(stop));
  if (end != std::string::npos) {
    stopped_ = true;
    held_.resize(end);
    return std::exchange(held_, {});
  }
  const std::size_t size = showable();
  std::string out = held_.substr(0, size);
  held_.erase(0, size);
  return out;
}

std::string TextStream::finish() {
  bytes_.clear();
  return std::exchange(held_, {});
}

}  // namespace llmi::lm
