#include "models_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "base/sha256.h"
#include "known_models.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

/// "ok", or what is wrong with the file.
std::string state_of(const KnownModel& model) {
  const auto sum = sha256_file(model_path(model));
  if (!sum) return "missing: run ./llmi setup";
  return *sum == model.sha256 ? "ok" : "damaged: its SHA-256 is not the recorded one";
}

int list(bool json) {
  Json rows = Json::array();
  for (const KnownModel& model : known_models()) {
    std::error_code error;
    const auto size = std::filesystem::file_size(model_path(model), error);
    rows.push_back({{"name", model.name}, {"file", model_path(model).string()}, {"bytes", error ? 0 : size},
                    {"sha256", model.sha256}, {"licence", model.licence}, {"about", model.about}, {"state", state_of(model)}});
  }
  if (json) {
    fmt::print("{}\n", Json{{"models", rows}}.dump());
    return 0;
  }
  for (const Json& row : rows) {
    fmt::print("{:<24} {:>6} MB  {:<12} {} ({})\n", row["name"].get<std::string>(), row["bytes"].get<std::uint64_t>() / 1'000'000,
               row["licence"].get<std::string>(), row["about"].get<std::string>(), row["state"].get<std::string>());
  }
  return 0;
}

Result<int> print_path(const std::string& name) {
  const KnownModel* model = find_known_model(name);
  if (model == nullptr) return not_found(fmt::format("no model named \"{}\"; `llmi models list` shows the known ones", name));
  fmt::print("{}\n", model_path(*model).string());
  return 0;
}

}  // namespace

Run declare_models(CLI::App& app) {
  app.require_subcommand(1);
  CLI::App* listing = app.add_subcommand("list", "the models llmi knows by name, with licence and checksum");
  CLI::App* path = app.add_subcommand("path", "the file of a model");
  auto name = std::make_shared<std::string>();
  path->add_option("NAME", *name, "name of the model")->required();
  return [listing, name](Program& program) -> Result<int> {
    return listing->parsed() ? Result<int>(list(program.json)) : print_path(*name);
  };
}

}  // namespace llmi::app
