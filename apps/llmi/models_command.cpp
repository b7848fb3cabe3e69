#include "models_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "base/file.h"
#include "base/sha256.h"
#include "connections.h"
#include "hub/download.h"
#include "known_models.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kUnknown = "no model named \"{}\"; `llmi models list` shows the known ones";

/// What was fetched, beside the files: their sizes and checksums.
fs::path record_path(const fs::path& file) { return file.string() + ".json"; }

bool is_whole(const fs::path& file) {
  const auto text = read_file(record_path(file), std::size_t{1} << 16);
  const Json record = text ? Json::parse(*text, nullptr, false) : Json();
  std::error_code error;
  return record.is_object() && record.value("bytes", Json()) == fs::file_size(file, error) && !error;
}

/// "ok", or what is wrong with the files and what to do.
std::string state_of(const config::Settings& settings, const KnownModel& model) {
  const fs::path file = model_path(settings, model);
  if (model.embedded()) {
    const auto sum = sha256_file(file);
    if (!sum) return "missing: run ./llmi setup";
    return *sum == model.sha256 ? "ok" : "damaged: its SHA-256 is not the recorded one";
  }
  const fs::path mmproj = mmproj_path(settings, model);
  if (is_whole(file) && (mmproj.empty() || is_whole(mmproj))) return "ok";
  return fmt::format("not here: llmi models fetch {}", model.name);
}

int list(const Program& program) {
  Json rows = Json::array();
  for (const KnownModel& model : known_models()) {
    const fs::path file = model_path(program.settings, model);
    std::error_code error;
    const auto size = fs::file_size(file, error);
    rows.push_back({{"name", model.name},
                    {"file", file.string()},
                    {"bytes", error ? 0 : size},
                    {"sha256", model.sha256},
                    {"licence", model.licence},
                    {"download_mb", model.megabytes},
                    {"memory_mb", model.memory_megabytes},
                    {"sees", !model.mmproj.empty()},
                    {"about", model.about},
                    {"state", state_of(program.settings, model)}});
  }
  if (program.json) {
    fmt::print("{}\n", Json{{"models", rows}}.dump());
    return 0;
  }
  for (const Json& row : rows) {
    fmt::print("{:<28} {:>6} MB  {:<11} needs {:>5} MB of memory  {} ({})\n", row["name"].get<std::string>(),
               row["download_mb"].get<std::uint64_t>(), row["licence"].get<std::string>(),
               row["memory_mb"].get<std::uint64_t>(), row["about"].get<std::string>(), row["state"].get<std::string>());
  }
  return 0;
}

/// The progress of a download: a line that is written over on a terminal, else a line for each tenth.
class Meter {
 public:
  explicit Meter(std::string name) : name_(std::move(name)), terminal_(::isatty(STDERR_FILENO) == 1) {}
  ~Meter() {
    if (shown_ && terminal_) fmt::print(stderr, "\n");
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  void show(std::uint64_t have, std::uint64_t all) {
    const std::uint64_t percent = all == 0 ? 100 : have * 100 / all;
    const std::uint64_t step = terminal_ ? percent : percent / 10 * 10;
    if (shown_ && step == last_) return;
    shown_ = true;
    last_ = step;
    fmt::print(stderr, "{}{}: {} of {} MB ({} %){}", terminal_ ? "\r" : "", name_, have / 1'000'000, all / 1'000'000,
               percent, terminal_ ? "" : "\n");
    std::fflush(stderr);
  }

 private:
  std::string name_;
  bool terminal_;
  bool shown_ = false;
  std::uint64_t last_ = 0;
};

Result<void> fetch_file(const Program& program, net::Network& network, const std::string& token,
                        std::string_view repository, const fs::path& target) {
  if (is_whole(target)) return {};
  Meter meter(target.filename().string());
  const hub::Download download{
      .url = hub::file_url(program.settings.text("models.url"), repository, target.filename().string()),
      .token = token,
      .target = target,
      .progress = [&](std::uint64_t have, std::uint64_t all) { meter.show(have, all); }};
  LLMI_TRY(const hub::RemoteFile file, hub::fetch({.stop = program.stop}, network, download));
  return write_file(record_path(target),
                    Json{{"url", download.url}, {"bytes", file.bytes}, {"sha256", file.sha256}}.dump() + "\n");
}

Result<int> fetch(const Program& program, const std::string& name) {
  const KnownModel* model = find_known_model(name);
  if (model == nullptr) return not_found(fmt::format(kUnknown, name));
  if (model->embedded()) return invalid_argument(fmt::format("{} comes with set-up: run ./llmi setup", name));
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const std::string token, secret(program.settings, "models", "HF_TOKEN"));
  const fs::path file = model_path(program.settings, *model);
  LLMI_CHECK_OK(fetch_file(program, *network, token, model->repository, file));
  if (const fs::path mmproj = mmproj_path(program.settings, *model); !mmproj.empty())
    LLMI_CHECK_OK(fetch_file(program, *network, token, model->repository, mmproj));
  if (program.json)
    fmt::print("{}\n", Json{{"name", name}, {"file", file.string()}, {"licence", model->licence}}.dump());
  else
    fmt::print("{}\n", file.string());
  return 0;
}

Result<int> print_path(const Program& program, const std::string& name) {
  const KnownModel* model = find_known_model(name);
  if (model == nullptr) return not_found(fmt::format(kUnknown, name));
  fmt::print("{}\n", model_path(program.settings, *model).string());
  return 0;
}

}  // namespace

Run declare_models(CLI::App& app) {
  app.require_subcommand(1);
  CLI::App* listing = app.add_subcommand("list", "the models llmi knows by name, with licence, size and memory");
  CLI::App* path = app.add_subcommand("path", "the file of a model");
  CLI::App* fetching =
      app.add_subcommand("fetch", "bring a model from the Hugging Face hub; goes on where it was interrupted");
  auto name = std::make_shared<std::string>();
  for (CLI::App* command : {path, fetching}) command->add_option("NAME", *name, "name of the model")->required();
  return [listing, fetching, name](Program& program) -> Result<int> {
    if (listing->parsed()) return list(program);
    return fetching->parsed() ? fetch(program, *name) : print_path(program, *name);
  };
}

}  // namespace llmi::app
