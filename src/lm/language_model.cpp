#include "lm/language_model.h"

#include <algorithm>

namespace llmi::lm {

std::vector<std::string> text_around_pictures(const Message& message) {
  if (message.pictures.empty()) return {message.text};
  std::vector<std::string> parts{""};
  std::size_t places = 0;
  for (std::size_t at = 0; at <= message.text.size();) {
    const std::size_t place = std::min(message.text.find(kPicturePlace, at), message.text.size());
    parts.back().append(message.text, at, place - at);
    if (place == message.text.size()) break;
    if (places++ < message.pictures.size()) parts.emplace_back();
    at = place + kPicturePlace.size();
  }
  parts.insert(parts.begin(), message.pictures.size() + 1 - parts.size(), "");
  return parts;
}

}  // namespace llmi::lm
