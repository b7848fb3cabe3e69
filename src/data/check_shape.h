#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace llmi::data {

/// What is wrong with a field of a row.
struct ShapeProblem {
  std::string field;
  std::string message;
};

/// Checks one row by itself. Paths of pictures start at `folder`.
[[nodiscard]] std::vector<ShapeProblem> check_shape(const nlohmann::json& row, const std::filesystem::path& folder);

/// All texts of the row's user messages, one after the other; empty when the prompt has not the right shape.
[[nodiscard]] std::string user_text(const nlohmann::json& row);

}  // namespace llmi::data
