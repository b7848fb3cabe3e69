#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "lm/language_model.h"

namespace llmi::lm {

/// A piece of a script: it is written `delay` after the one before.
struct ScriptedChunk {
  std::chrono::milliseconds delay{0};
  std::string text;
  bool breaks = false;  ///< The stream breaks here (kUnavailable).
};

/// A model that writes what a script says; for tests. The n-th call of generate() plays the n-th answer; further calls fail.
/// Thread-safe.
[[nodiscard]] std::unique_ptr<LanguageModel> make_scripted_model(std::vector<std::vector<ScriptedChunk>> answers);

/// `scripted:FILE`: a JSON list of {"delay_ms", "text"} for one answer, or a list of such lists, one a call. {"break": true}
/// breaks the stream. Errors: kNotFound, kUnreadable.
[[nodiscard]] Result<std::unique_ptr<LanguageModel>> open_scripted_model(const std::filesystem::path& file);

}  // namespace llmi::lm
