// Candidates of a local model read their prompt once.
#include <gtest/gtest.h>

#include "base/paths.h"
#include "lm/llama/llama_model.h"
#include "scaling/reward_selector.h"
#include "scaling/scaling.h"

namespace llmi::scaling {
namespace {

TEST(SharedPrompt, LaterCandidatesDoNotReadThePromptAgain) {
  const auto model =
      lm::open_llama({.path = dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"}).value();
  agent::Task task;
  task.prompt = "Tell me about foxes.";
  task.guided = agent::Guided::kOff;
  task.max_tokens = 24;
  task.figures = {agent::FigureCount::Kind::kNone};
  const auto write = [&](std::size_t candidates) {
    Budget budget(task.limits);
    RewardSelector selector;
    TitleChooser chooser;
    const Means means{.budget = budget, .selector = selector, .chooser = chooser};
    return scaling::write({.seed = 1}, {.model = model.get()}, task, {.candidates = candidates, .select = true}, means,
                          [](const document::Event&) {})
        .value();
  };
  const Spent spent = write(4).scale.total;
  EXPECT_EQ(spent.usage.model_calls, 4U);
  const std::uint64_t prompt = spent.usage.prompt_tokens / 4;
  EXPECT_GT(prompt, 100U);
  // All but the last token, which has to be computed to go on from.
  EXPECT_GE(spent.cached_prompt_tokens, 3 * (prompt - 4));
  EXPECT_LT(spent.cached_prompt_tokens, 3 * prompt + 4);
}

}  // namespace
}  // namespace llmi::scaling
