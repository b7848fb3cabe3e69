#pragma once

#include <optional>
#include <string_view>

namespace llmi::reward {

/// What the judge of text and tags said; a mark that is missing or not from 1 to 5 is nothing.
struct TextVerdict {
  std::optional<int> text;
  std::optional<int> image;
  std::optional<bool> needs_pictures;
  [[nodiscard]] bool whole() const { return text && image; }
};

/// What the judge of pictures said.
struct PictureVerdict {
  std::optional<int> image_quality;
  std::optional<int> task_relevance;
  std::optional<int> text_image_relevance;
  [[nodiscard]] bool whole() const { return image_quality && task_relevance && text_image_relevance; }
};

// A judge's reply: a JSON object with the marks as members, or one line a mark ("Text: 4"); thoughts are removed, and
// of several verdicts the last one counts.
[[nodiscard]] TextVerdict read_text_verdict(std::string_view reply);
[[nodiscard]] PictureVerdict read_picture_verdict(std::string_view reply);

}  // namespace llmi::reward
