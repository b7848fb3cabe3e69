#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/error.h"
#include "config/settings.h"
#include "net/network.h"
#include "reward/judge.h"

namespace llmi::app {

/// The judges that [reward] names; null where one is switched off.
struct Judges {
  std::unique_ptr<reward::Judge> llm;
  std::unique_ptr<reward::Judge> mllm;
};

/// What a judge's model becomes, by its name, once it is opened.
using JudgeWrap =
    std::function<std::unique_ptr<lm::LanguageModel>(std::unique_ptr<lm::LanguageModel>, const std::string&)>;

/// Nothing is asked of a server before the first question. `stop` ends what they are asked. The network and the
/// settings outlive the judges. Errors: kNotFound for a name that is no model.
[[nodiscard]] Result<Judges> make_judges(const config::Settings& settings, net::Network& network, std::uint64_t seed,
                                         std::stop_token stop = {}, const JudgeWrap& wrap = {});

/// The judge that [eval] names; null for none. As above.
[[nodiscard]] Result<std::unique_ptr<reward::Judge>> make_eval_judge(const config::Settings& settings,
                                                                     net::Network& network, std::uint64_t seed);

}  // namespace llmi::app
