#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lm/language_model.h"
#include "reward/sample.h"

namespace llmi::reward {

/// One request to a judge.
struct Question {
  std::vector<lm::Message> messages;
  lm::Constraint constraint;  ///< JSON with the marks, where the judge's server can be held to it.
  std::string prompt_id;      ///< Which version of which prompt file: "text-judge@0123abcd".
  bool sees = false;          ///< It shows pictures: a judge that sees none cannot answer.
  /// Whether a reply holds a whole verdict.
  std::function<bool(std::string_view reply)> readable;
  std::string repair;  ///< What a judge is told once whose reply cannot be read; empty: its reply counts as it is.
};

// What a judge is asked about a sample. All that comes from the sample is data to it: it stands line by line behind a
// quote mark between two lines with a code that the sample cannot know, and control tokens in it are taken apart.

/// About the text and the tags of the raw answer, thoughts removed.
[[nodiscard]] Question text_question(const Sample& sample);
/// About the pictures, which stand in the text in the place of their tags. The sample's pictures are made.
[[nodiscard]] Question picture_question(const Sample& sample);

}  // namespace llmi::reward
