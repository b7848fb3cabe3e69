#include "known_models.h"

#include <algorithm>
#include <array>

#include "base/paths.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array kModels{
    KnownModel{.name = "smollm2-135m-instruct",
               .file = "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
               .sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
               .licence = "Apache-2.0",
               .megabytes = 98,
               .memory_megabytes = 500,
               .about = "embedded; 135 million parameters, English"},
    KnownModel{.name = "qwen3-0.6b",
               .repository = "Qwen/Qwen3-0.6B-GGUF",
               .file = "Qwen3-0.6B-Q8_0.gguf",
               .licence = "Apache-2.0",
               .megabytes = 640,
               .memory_megabytes = 1'800,
               .about = "0.6 billion parameters, many languages"},
    KnownModel{.name = "qwen3-1.7b",
               .repository = "Qwen/Qwen3-1.7B-GGUF",
               .file = "Qwen3-1.7B-Q8_0.gguf",
               .licence = "Apache-2.0",
               .megabytes = 1'830,
               .memory_megabytes = 3'200,
               .about = "1.7 billion parameters, many languages"},
    KnownModel{.name = "qwen3-4b-instruct-2507",
               .repository = "unsloth/Qwen3-4B-Instruct-2507-GGUF",
               .file = "Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
               .licence = "Apache-2.0",
               .megabytes = 2'500,
               .memory_megabytes = 4'500,
               .about = "4 billion parameters; a good writer on a laptop"},
    KnownModel{.name = "qwen2.5-vl-7b-instruct",
               .repository = "ggml-org/Qwen2.5-VL-7B-Instruct-GGUF",
               .file = "Qwen2.5-VL-7B-Instruct-Q4_K_M.gguf",
               .mmproj = "mmproj-Qwen2.5-VL-7B-Instruct-Q8_0.gguf",
               .licence = "Apache-2.0",
               .megabytes = 5'540,
               .memory_megabytes = 8'000,
               .about = "7 billion parameters; sees pictures"},
    KnownModel{.name = "qwen3-30b-a3b-instruct-2507",
               .repository = "unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF",
               .file = "Qwen3-30B-A3B-Instruct-2507-Q4_K_M.gguf",
               .licence = "Apache-2.0",
               .megabytes = 18'600,
               .memory_megabytes = 21'500,
               .about = "30 billion parameters, 3 of them at work for a token"},
    KnownModel{.name = "qwen2.5-vl-32b-instruct",
               .repository = "ggml-org/Qwen2.5-VL-32B-Instruct-GGUF",
               .file = "Qwen2.5-VL-32B-Instruct-Q4_K_M.gguf",
               .mmproj = "mmproj-Qwen2.5-VL-32B-Instruct-Q8_0.gguf",
               .licence = "Apache-2.0",
               .megabytes = 20'600,
               .memory_megabytes = 25'000,
               .about = "32 billion parameters; sees pictures; slow without a graphics card"},
};

fs::path fetched_folder(const config::Settings& settings, const KnownModel& model) {
  const std::string data = settings.text("paths.data");
  return (data.empty() ? data_folder() : fs::path(data)) / "models" / model.name;
}

}  // namespace

std::span<const KnownModel> known_models() { return kModels; }

const KnownModel* find_known_model(std::string_view name) {
  const auto* found = std::ranges::find(kModels, name, &KnownModel::name);
  return found == kModels.end() ? nullptr : found;
}

fs::path model_path(const config::Settings& settings, const KnownModel& model) {
  return model.embedded() ? dependencies_folder() / model.file : fetched_folder(settings, model) / model.file;
}

fs::path mmproj_path(const config::Settings& settings, const KnownModel& model) {
  return model.mmproj.empty() ? fs::path() : fetched_folder(settings, model) / model.mmproj;
}

const KnownModel& best_model_for(std::uint64_t memory_megabytes) {
  const KnownModel* best = kModels.data();
  for (const KnownModel& model : kModels) {
    if (model.memory_megabytes <= memory_megabytes) best = &model;
  }
  return *best;
}

}  // namespace llmi::app
