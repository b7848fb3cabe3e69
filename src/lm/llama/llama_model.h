#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "lm/language_model.h"

namespace llmi::lm {

struct LoraFile {
  std::filesystem::path path;
  float scale = 1.0F;
};

struct LlamaOptions {
  std::filesystem::path path;         ///< A GGUF file.
  std::string id;                     ///< What documents record; empty: the file's name without its ending.
  std::size_t context_tokens = 8192;  ///< Never more than the model was trained for.
  std::size_t threads = 0;            ///< 0: as many as this process may use.
  std::vector<LoraFile> loras;
  bool guided_by_default = false;
};

/// Loads a GGUF model into this process (llama.cpp). One engine: calls of generate() from several threads take turns.
/// The key-value cache is kept between calls, so a prompt that begins like the last one is only read from where it
/// differs. The same seed and request give the same text on the same machine. Errors: kNotFound, kUnreadable (not a
/// model, broken, an architecture llama.cpp does not know), kUnavailable (built for another processor).
[[nodiscard]] Result<std::unique_ptr<LanguageModel>> open_llama(const LlamaOptions& options);

}  // namespace llmi::lm
