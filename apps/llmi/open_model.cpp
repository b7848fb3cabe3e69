#include "open_model.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "connections.h"
#include "known_models.h"
#include "lm/chat/chat_model.h"
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

/// "NAME" of "NAME#model".
std::string place_of(const std::string& name) { return name.substr(0, name.find('#')); }

bool is_address(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

/// The [servers.NAME] entry that `place` names, by its name or its URL.
std::optional<std::string> server_entry(const config::Settings& settings, const std::string& place) {
  const auto bare = [](std::string_view url) { return net::endpoint(url, "/v1", ""); };
  for (const std::string& name : settings.names("servers")) {
    const std::string url = settings.text(fmt::format("servers.{}.url", name));
    if (name == place || (is_address(place) && bare(url) == bare(place))) return name;
  }
  return std::nullopt;
}

Result<lm::chat::ChatOptions> chat_options(const config::Settings& settings, const std::string& entry) {
  const std::string table = fmt::format("servers.{}", entry);
  const auto text = [&](std::string_view key) { return settings.text(fmt::format("{}.{}", table, key)); };
  if (text("url").empty())
    return fail(ErrorCode::kInvalidConfig, Origin::kCaller, fmt::format("[{}] has no url", table));
  lm::chat::ChatOptions options{
      .url = text("url"), .kind = lm::chat::server_kind(text("kind")), .model = text("model")};
  LLMI_TRY(options.api_key, secret(settings, table));
  options.max_concurrent = static_cast<std::size_t>(settings.integer(fmt::format("{}.max_concurrent", table)));
  options.silence = settings.duration(fmt::format("{}.timeout", table));
  if (text("vision") != "auto") options.sees = text("vision") == "yes";
  return options;
}

/// "NAME", "NAME#model", "URL" and "URL#model"; empty when the text names no server.
Result<std::optional<lm::chat::ChatOptions>> server_options(const config::Settings& settings, const std::string& name) {
  const std::size_t hash = name.find('#');
  const std::string place = name.substr(0, hash);
  lm::chat::ChatOptions options{.url = place};
  const auto entry = server_entry(settings, place);
  if (!entry && !is_address(place)) return std::nullopt;
  if (entry) {
    LLMI_TRY(options, chat_options(settings, *entry));
  }
  if (hash != std::string::npos) options.model = name.substr(hash + 1);
  return options;
}

lm::chat::ChatOptions with_choice(const config::Settings& settings, lm::chat::ChatOptions options,
                                  const ModelChoice& choice) {
  const auto entry = server_entry(settings, place_of(choice.name));
  const std::string limit = fmt::format("servers.{}.max_concurrent", entry.value_or(""));
  const bool said = entry && settings.origin(limit) != config::Origin::kDefault;
  if (choice.max_concurrent > 0 && !said) options.max_concurrent = choice.max_concurrent;
  options.assume_sees = choice.assume_sees;
  options.attempts = choice.attempts;
  return options;
}

Result<std::filesystem::path> model_file(const config::Settings& settings, const std::string& name) {
  if (const KnownModel* known = find_known_model(name)) {
    std::filesystem::path file = model_path(settings, *known);
    if (known->embedded() || std::filesystem::exists(file)) return file;
    return not_found(
        fmt::format("the model {} is not here yet: run `llmi models fetch {}` ({} MB)", name, name, known->megabytes));
  }
  if (name.ends_with(".gguf") || name.find('/') != std::string::npos) return std::filesystem::path(name);
  return not_found(fmt::format(
      "no model named \"{}\": give a name from `llmi models list`, the path of a GGUF file, a server of the "
      "configuration or URL#model",
      name));
}

/// The picture encoder as configured, or the one that was fetched with a known model; empty: none.
std::filesystem::path encoder_file(const config::Settings& settings, const std::string& name) {
  std::filesystem::path given = settings.text("model.mmproj");
  const KnownModel* known = find_known_model(name);
  if (!given.empty() || known == nullptr) return given;
  std::filesystem::path fetched = mmproj_path(settings, *known);
  return std::filesystem::exists(fetched) ? fetched : std::filesystem::path();
}

}  // namespace

Result<void> check_model_name(const config::Settings& settings, const std::string& name) {
  if (name.starts_with(kScripted)) return {};
  LLMI_TRY(const auto server, server_options(settings, name));
  if (server) return {};
  LLMI_TRY(const std::filesystem::path file, model_file(settings, name));
  if (!std::filesystem::exists(file)) return not_found(fmt::format("the model file {} is not there", file.string()));
  return {};
}

bool names_server(const config::Settings& settings, const std::string& name) {
  if (name.starts_with(kScripted)) return false;
  const auto server = server_options(settings, name);
  return server && server->has_value();
}

agent::TokenPrices token_prices(const config::Settings& settings) {
  return token_prices(settings, settings.text("model.default"));
}

agent::TokenPrices token_prices(const config::Settings& settings, const std::string& name) {
  const auto entry = server_entry(settings, place_of(name));
  if (!entry) return {};
  return {.prompt = settings.number(fmt::format("servers.{}.price_input", *entry)),
          .completion = settings.number(fmt::format("servers.{}.price_output", *entry))};
}

Result<std::unique_ptr<lm::LanguageModel>> open_model(const RunContext& context, const config::Settings& settings,
                                                      net::Network& network) {
  return open_model(context, settings, network, {.name = settings.text("model.default")});
}

Result<std::unique_ptr<lm::LanguageModel>> open_model(const RunContext& context, const config::Settings& settings,
                                                      net::Network& network, const ModelChoice& choice) {
  const std::string& name = choice.name;
  if (name.starts_with(kScripted)) return lm::open_scripted_model(name.substr(kScripted.size()));
  LLMI_TRY(const auto server, server_options(settings, name));
  if (server) return lm::chat::open_chat_model(context, network, with_choice(settings, *server, choice));
  LLMI_TRY(const std::filesystem::path file, model_file(settings, name));
  lm::LlamaOptions options{.path = file,
                           .context_tokens = static_cast<std::uint32_t>(settings.integer("model.context_tokens")),
                           .threads = static_cast<std::uint32_t>(settings.integer("model.threads"))};
  options.mmproj = encoder_file(settings, name);
  for (const std::string& lora : settings.list("model.lora")) options.loras.push_back(lora_file(lora));
  return lm::open_llama(options);
}

}  // namespace llmi::app
