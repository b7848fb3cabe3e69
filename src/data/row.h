#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/tool_set.h"

namespace llmi::data {

/// One prompt of a data set, as docs/data.md describes it.
struct Row {
  std::string id;
  std::string question;             ///< The user's message; "<image>" stands where an input picture goes.
  std::vector<std::string> images;  ///< Paths of the input pictures, in the order of their marks.
  bool test = false;                ///< In the test split rather than the train split.
  std::size_t index = 0;            ///< In the file.
  int image_num = kAnyPictures;
  ToolSet tools;                ///< Required.
  bool needs_pictures = false;  ///< The prompt profits from pictures, said or not.
  std::string topic;
  std::string domain;
  std::string language;
};

/// The row as one line of JSON, without the line break.
[[nodiscard]] std::string print(const Row& row);

}  // namespace llmi::data
