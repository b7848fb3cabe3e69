#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/tool_set.h"

namespace llmi::eval {

/// A picture that a prompt comes with: a file, or its bytes where the benchmark holds them itself.
struct InputImage {
  std::string name;
  std::filesystem::path file;
  std::string bytes;  ///< Used where `file` is empty.
};

/// One task of a benchmark, whatever file it came from.
struct Item {
  std::string id;      ///< Unique in the benchmark; fit for a file name.
  std::string prompt;  ///< "<image>" stands where an input picture goes.
  std::vector<InputImage> images;
  int image_num = data::kAnyPictures;  ///< Pictures wanted, as in the prompt sets.
  std::optional<data::ToolSet> tools;  ///< Those that the task implies; nothing where nobody says.
  std::string structure;               ///< The wanted row of blocks (structure.h); empty: any.
  std::vector<std::string> criteria;   ///< Each marked by itself (LLMI-Bench).
  std::string group;                   ///< Category for the breakdown; may be empty.
  std::string source;                  ///< The item as its file has it: one JSON object.
  std::filesystem::path folder;        ///< Of that file: further pictures that the item names lie there.
};

}  // namespace llmi::eval
