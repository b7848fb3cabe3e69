#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace llmi::app {

/// A model that llmi knows by name. The embedded one comes with set-up; the others `llmi models fetch` brings from the
/// hub. A new one is a row.
struct KnownModel {
  std::string_view name;
  std::string_view repository;  ///< On the hub; empty: comes with set-up.
  std::string_view file;        ///< In the repository; below the dependencies folder for the embedded one.
  std::string_view mmproj;      ///< Picture encoder of models that see, in the same repository; empty: none.
  std::string_view sha256;      ///< Embedded: the recorded one. Others: the hub's, recorded when fetched.
  std::string_view licence;
  std::uint64_t megabytes = 0;         ///< To fetch, about.
  std::uint64_t memory_megabytes = 0;  ///< To run, about, with a context of 8,192 tokens.
  std::string_view about;

  [[nodiscard]] bool embedded() const { return repository.empty(); }
};

/// From the smallest to the most able.
[[nodiscard]] std::span<const KnownModel> known_models();
[[nodiscard]] const KnownModel* find_known_model(std::string_view name);

/// Where the model's file is, or will be once it is fetched.
[[nodiscard]] std::filesystem::path model_path(const config::Settings& settings, const KnownModel& model);
/// The same for its picture encoder; empty when it has none.
[[nodiscard]] std::filesystem::path mmproj_path(const config::Settings& settings, const KnownModel& model);

/// The most able model whose needs are within `memory_megabytes`.
[[nodiscard]] const KnownModel& best_model_for(std::uint64_t memory_megabytes);

}  // namespace llmi::app
