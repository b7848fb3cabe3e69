#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace llmi::app {

/// A model that llmi knows by name.
struct KnownModel {
  std::string_view name;
  std::string_view file;     ///< Below the dependencies folder.
  std::string_view sha256;
  std::string_view licence;
  std::string_view about;
};

[[nodiscard]] std::span<const KnownModel> known_models();
[[nodiscard]] const KnownModel* find_known_model(std::string_view name);
[[nodiscard]] std::filesystem::path model_path(const KnownModel& model);

}  // namespace llmi::app
