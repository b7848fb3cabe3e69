#include "judge_setup.h"

#include <cstdint>
#include <string>
#include <utility>

#include "open_model.h"

namespace llmi::app {
namespace {

struct JudgeRole {
  const char* key;
  bool sees;
};
constexpr JudgeRole kReads{"reward.llm_judge", false};
constexpr JudgeRole kSees{"reward.mllm_judge", true};

std::unique_ptr<reward::Judge> make_judge(const config::Settings& settings, net::Network& network,
<<<<<<< HEAD
                                          const std::string& name, bool sees, reward::JudgeOptions options) {
=======
                                          const JudgeRole& role, std::uint64_t seed, const JudgeWrap& wrap) {
  const std::string name = settings.text(role.key);
>>>>>>> scaling
  if (name == "none") return nullptr;
  const auto concurrency = static_cast<std::size_t>(settings.integer("reward.judge_concurrency"));
  const ModelChoice choice{.name = name,
                           .assume_sees = role.sees,
                           // Both judges may be one server.
                           .max_concurrent = 2 * concurrency,
                           // The judge tries again itself, and counts.
                           .attempts = 1};
<<<<<<< HEAD
  options.open = [&settings, &network, choice](const RunContext& context) {
    return open_model(context, settings, network, choice);
  };
  options.timeout = settings.duration("reward.judge_timeout");
  options.retries = static_cast<std::size_t>(settings.integer("reward.judge_retries"));
  options.concurrency = concurrency;
  return std::make_unique<reward::Judge>(std::move(options));
=======
  return std::make_unique<reward::Judge>(
      reward::JudgeOptions{.open = [&settings, &network, choice,
                                    wrap](const RunContext& context) -> Result<std::unique_ptr<lm::LanguageModel>> {
                             LLMI_TRY(auto model, open_model(context, settings, network, choice));
                             return wrap ? wrap(std::move(model), choice.name) : std::move(model);
                           },
                           .timeout = settings.duration("reward.judge_timeout"),
                           .retries = static_cast<std::size_t>(settings.integer("reward.judge_retries")),
                           .concurrency = concurrency,
                           .seed = seed});
>>>>>>> scaling
}

}  // namespace

Result<Judges> make_judges(const config::Settings& settings, net::Network& network, std::uint64_t seed,
<<<<<<< HEAD
                           std::stop_token stop) {
=======
                           const JudgeWrap& wrap) {
>>>>>>> scaling
  Judges judges;
  for (const JudgeRole& role : {kReads, kSees}) {
    const std::string name = settings.text(role.key);
    if (name == "none") continue;
    LLMI_CHECK_OK(check_model_name(settings, name));
  }
<<<<<<< HEAD
  const reward::JudgeOptions options{.seed = seed, .stop = std::move(stop)};
  judges.llm = make_judge(settings, network, settings.text("reward.llm_judge"), false, options);
  judges.mllm = make_judge(settings, network, settings.text("reward.mllm_judge"), true, options);
=======
  judges.llm = make_judge(settings, network, kReads, seed, wrap);
  judges.mllm = make_judge(settings, network, kSees, seed, wrap);
>>>>>>> scaling
  return judges;
}

}  // namespace llmi::app
