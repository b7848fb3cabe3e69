#include "serve_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "judge_setup.h"
#include "reward/scorer.h"
#include "sample_pictures.h"
#include "sandbox/pool.h"
#include "server/reward_service.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

/// Longer than a judge takes for a reply at most; what is not answered by then is cut off.
constexpr std::chrono::seconds kDrain{30};

struct ServeArguments {
  bool reward = false;
  std::string listen = "127.0.0.1:8890";
  std::uint64_t seed = 0;
};

struct Place {
  std::string address;
  std::uint16_t port = 0;
};

/// "127.0.0.1:8890" and "[::1]:8890".
Result<Place> place_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] =
      colon == std::string::npos ? std::from_chars_result{} : std::from_chars(text.data() + colon + 1, end, port);
  if (colon == std::string::npos || error != std::errc{} || rest != end || port > 65535)
    return invalid_argument(fmt::format("--listen: \"{}\" is no ADDRESS:PORT, such as 127.0.0.1:8890", text));
  std::string address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (address == "localhost") address = "127.0.0.1";
  return Place{address, static_cast<std::uint16_t>(port)};
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

reward::FileAccess file_access(const config::Settings& settings) {
  reward::FileAccess access{.base = fs::current_path()};
  for (const std::string& folder : settings.list("reward.folders")) access.folders.emplace_back(folder);
  return access;
}

std::unique_ptr<sandbox::Pool> make_sandbox(const config::Settings& settings) {
  return std::make_unique<sandbox::Pool>(sandbox::Settings{.python = settings.text("code.python")},
                                         static_cast<std::size_t>(settings.integer("code.warm")));
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, stop, [&] { return stop.stop_requested(); });
}

void announce(const Program& program, const Place& place, std::uint16_t port) {
  const bool six = place.address.find(':') != std::string::npos;
  const std::string url = fmt::format("http://{}:{}", six ? "[" + place.address + "]" : place.address, port);
  if (program.json) print("{}\n", nlohmann::json{{"url", url}}.dump());
  std::fflush(stdout);
  tell("llmi: scoring at {} (variant {}, LLM judge {}, MLLM judge {}); Ctrl-C ends it\n", url,
       program.settings.text("reward.variant"), program.settings.text("reward.llm_judge"),
       program.settings.text("reward.mllm_judge"));
}

/// Serves until a stop is asked for.
Result<int> serve(Program& program, const Place& place, const std::string& token, std::uint64_t seed) {
  const config::Settings& settings = program.settings;
  LLMI_TRY(const auto network, make_network(settings));
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(settings, network, ""));
  for (const std::string& missing : toolbox.missing()) tell("llmi: {}\n", missing);
  reward::PictureIntake intake;
  const reward::SampleReader reader(intake, file_access(settings));
  const auto sandbox = make_sandbox(settings);
  LLMI_TRY(Judges judges, make_judges(settings, *network, seed));
  const auto variant = *reward::variant_from_name(settings.text("reward.variant"));
  const reward::Scorer scorer({.variant = variant,
                               .llm = judges.llm.get(),
                               .mllm = judges.mllm.get(),
                               .intake = &intake,
                               .make_pictures = sample_picture_maker(settings, toolbox)});
  auto service = std::make_unique<server::RewardService>(
      server::RewardService::Options{.scorer = &scorer,
                                     .reader = &reader,
                                     .sandbox = sandbox.get(),
                                     .variant = variant,
                                     .token = token,
                                     .max_open = static_cast<std::size_t>(settings.integer("reward.max_open"))});
  LLMI_TRY(const auto http,
           server::HttpServer::start(
               {.address = place.address,
                .port = place.port,
                .handle = [&](server::HttpRequest request,
                              server::Respond respond) { service->handle(std::move(request), std::move(respond)); },
                .open_socket =
                    [&](const std::string& path, const std::string& authorization) {
                      return service->open_socket(path, authorization);
                    }}));
  announce(program, place, http->port());
  wait_for(program.stop);
  tell("llmi: answering what was taken, then ending\n");
  http->drain(kDrain);
  service->close();
  judges = {};
  http->stop();
  service.reset();
  return 0;
}

Result<int> run(Program& program, const ServeArguments& arguments, const ConfigFlags& flags) {
  LLMI_CHECK_OK(flags.apply(program.settings));
  if (!arguments.reward) return invalid_argument("say what to serve: --reward");
  LLMI_TRY(const Place place, place_of(arguments.listen));
  LLMI_TRY(const std::string token, secret(program.settings, "reward"));
  if (token.empty() && !is_loopback(place.address))
    return invalid_argument(
        fmt::format("--listen: {} can be reached from other machines, so clients must send a token: name the "
                    "environment variable that holds it in [reward] api_key_env",
                    place.address));
  return serve(program, place, token, arguments.seed);
}

}  // namespace

Run declare_serve(CLI::App& app) {
  const auto arguments = std::make_shared<ServeArguments>();
  app.add_flag("--reward", arguments->reward, "scores for training frameworks (docs/reward.md)");
  app.add_option("--listen", arguments->listen, "ADDRESS:PORT; port 0: any free one")->capture_default_str();
  app.add_option("--seed", arguments->seed, "of the judges' requests")->capture_default_str();
  const ConfigFlags flags(app, {"reward.variant", "reward.llm_judge", "reward.mllm_judge", "reward.judge_timeout",
                                "reward.judge_retries", "reward.judge_concurrency"});
  return [=](Program& program) { return run(program, *arguments, flags); };
}

}  // namespace llmi::app
