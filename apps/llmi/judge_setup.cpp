#include "judge_setup.h"

#include <cstdint>
#include <string>

#include "open_model.h"

namespace llmi::app {
namespace {

std::unique_ptr<reward::Judge> make_judge(const config::Settings& settings, net::Network& network,
                                          const std::string& name, bool sees, reward::JudgeOptions options) {
  if (name == "none") return nullptr;
  const auto concurrency = static_cast<std::size_t>(settings.integer("reward.judge_concurrency"));
  const ModelChoice choice{.name = name,
                           .assume_sees = sees,
                           // Both judges may be one server.
                           .max_concurrent = 2 * concurrency,
                           // The judge tries again itself, and counts.
                           .attempts = 1};
  options.open = [&settings, &network, choice](const RunContext& context) {
    return open_model(context, settings, network, choice);
  };
  options.timeout = settings.duration("reward.judge_timeout");
  options.retries = static_cast<std::size_t>(settings.integer("reward.judge_retries"));
  options.concurrency = concurrency;
  return std::make_unique<reward::Judge>(std::move(options));
}

}  // namespace

Result<Judges> make_judges(const config::Settings& settings, net::Network& network, std::uint64_t seed,
                           std::stop_token stop) {
  Judges judges;
  for (const char* key : {"reward.llm_judge", "reward.mllm_judge"}) {
    const std::string name = settings.text(key);
    if (name == "none") continue;
    LLMI_CHECK_OK(check_model_name(settings, name));
  }
  const reward::JudgeOptions options{.seed = seed, .stop = std::move(stop)};
  judges.llm = make_judge(settings, network, settings.text("reward.llm_judge"), false, options);
  judges.mllm = make_judge(settings, network, settings.text("reward.mllm_judge"), true, options);
  return judges;
}

}  // namespace llmi::app
