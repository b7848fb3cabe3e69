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
constexpr JudgeRole kEvaluates{"eval.judge", true};

Result<std::unique_ptr<reward::Judge>> make_judge(const config::Settings& settings, net::Network& network,
                                                  const JudgeRole& role, reward::JudgeOptions options,
                                                  const JudgeWrap& wrap) {
  const std::string name = settings.text(role.key);
  if (name == "none") return nullptr;
  LLMI_CHECK_OK(check_model_name(settings, name));
  const auto concurrency = static_cast<std::size_t>(settings.integer("reward.judge_concurrency"));
  const ModelChoice choice{.name = name,
                           .assume_sees = role.sees,
                           // Both judges may be one server.
                           .max_concurrent = 2 * concurrency,
                           // The judge tries again itself, and counts.
                           .attempts = 1};
  options.open = [&settings, &network, choice,
                  wrap](const RunContext& context) -> Result<std::unique_ptr<lm::LanguageModel>> {
    LLMI_TRY(auto model, open_model(context, settings, network, choice));
    return wrap ? wrap(std::move(model), choice.name) : std::move(model);
  };
  options.timeout = settings.duration("reward.judge_timeout");
  if (names_server(settings, name)) options.hedge_after = options.timeout / 2;
  options.retries = static_cast<std::size_t>(settings.integer("reward.judge_retries"));
  options.concurrency = concurrency;
  return std::make_unique<reward::Judge>(std::move(options));
}

}  // namespace

Result<Judges> make_judges(const config::Settings& settings, net::Network& network, std::uint64_t seed,
                           std::stop_token stop, const JudgeWrap& wrap) {
  const reward::JudgeOptions options{.seed = seed, .stop = std::move(stop)};
  Judges judges;
  LLMI_TRY(judges.llm, make_judge(settings, network, kReads, options, wrap));
  LLMI_TRY(judges.mllm, make_judge(settings, network, kSees, options, wrap));
  return judges;
}

Result<std::unique_ptr<reward::Judge>> make_eval_judge(const config::Settings& settings, net::Network& network,
                                                       std::uint64_t seed) {
  return make_judge(settings, network, kEvaluates, {.seed = seed}, {});
}

}  // namespace llmi::app
