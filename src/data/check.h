#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace llmi::data {

/// Something about one row of a data file.
struct Finding {
  std::size_t line = 0;  ///< In the file, from 1.
  std::string field;     ///< As a path: "extra_info.image_num"; empty for the row as a whole.
  std::string message;
  bool remark = false;  ///< The row can be used all the same: a tool is named, another row says nearly the same.
};

struct CheckOptions {
  std::vector<std::string> leaks;  ///< Patterns of leaks.h.
  std::filesystem::path folder;    ///< Relative picture paths start here.
};

struct CheckReport {
  std::size_t rows = 0;
  std::vector<Finding> findings;      ///< In the order of the lines.
  [[nodiscard]] bool usable() const;  ///< No finding but remarks.
};

/// Checks the text of a data file, one row a line (docs/data.md): the shape and the values of every field,
/// picture marks against pictures, that no topic is in both splits and no id occurs twice; as remarks, tools that are
/// named and near-duplicates within a language.
[[nodiscard]] CheckReport check(std::string_view text, const CheckOptions& options);

}  // namespace llmi::data
