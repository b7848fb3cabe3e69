#include "open_model.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "known_models.h"
#include "lm/llama/llama_model.h"
#include "lm/scripted_model.h"

namespace llmi::app {
namespace {

constexpr std::string_view kScripted = "scripted:";

/// "adapter.gguf" or "adapter.gguf:0.5".
lm::LoraFile lora_file(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  float scale = 1.0F;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, scale);
    if (error == std::errc{} && rest == end) return {text.substr(0, colon), scale};
  }
  return {text, 1.0F};
}

Result<std::filesystem::path> model_file(const std::string& name) {
  if (const KnownModel* known = find_known_model(name)) return model_path(*known);
  if (name.ends_with(".gguf") || name.find('/') != std::string::npos) return std::filesystem::path(name);
  return not_found(fmt::format("no model named \"{}\": give a name from `llmi models list` or the path of a GGUF file", name));
}

}  // namespace

Result<std::unique_ptr<lm::LanguageModel>> open_model(const config::Settings& settings) {
  const std::string name = settings.text("model.default");
  if (name.starts_with(kScripted)) return lm::open_scripted_model(name.substr(kScripted.size()));
  LLMI_TRY(const std::filesystem::path file, model_file(name));
  lm::LlamaOptions options{.path = file,
                           .context_tokens = static_cast<std::uint32_t>(settings.integer("model.context_tokens")),
                           .threads = static_cast<std::uint32_t>(settings.integer("model.threads"))};
  for (const std::string& lora : settings.list("model.lora")) options.loras.push_back(lora_file(lora));
  return lm::open_llama(options);
}

}  // namespace llmi::app
