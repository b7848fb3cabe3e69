#pragma once

#include <memory>

#include "base/error.h"
#include "config/settings.h"
#include "lm/language_model.h"

namespace llmi::app {

/// The model that `model.default` (or --model) names: a name from `llmi models list`, a GGUF file, or scripted:FILE.
/// Errors: kNotFound listing what is known; what loading gives.
[[nodiscard]] Result<std::unique_ptr<lm::LanguageModel>> open_model(const config::Settings& settings);

}  // namespace llmi::app
