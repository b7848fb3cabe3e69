#include "eval_judge.h"

#include <utility>

#include "judge_setup.h"

namespace llmi::app {

Result<void> name_judge(config::Settings& settings, const std::string& judge) {
  LLMI_CHECK_OK(settings.set_flag("reward.llm_judge", "none"));
  return settings.set_flag("reward.mllm_judge", judge);
}

Result<std::unique_ptr<reward::Judge>> open_judge(const config::Settings& settings, net::Network& network,
                                                  std::uint64_t seed) {
  LLMI_TRY(Judges judges, make_judges(settings, network, seed));
  return std::move(judges.mllm);
}

}  // namespace llmi::app
