// Whatever the model writes and the tools make of it: the budget holds, and the document is not worse than the plain
// one.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "scaling/reward_selector.h"
#include "scaling/scaling.h"
#include "scaling/scaling_test_stage.h"

namespace llmi::scaling {
namespace {

constexpr agent::TokenPrices kPrices{.prompt = 1, .completion = 10};

/// A document of random paragraphs and tags, some of which cannot be read, run or paid.
std::string random_answer(Random& random) {
  std::string text = random.below(4) == 0 ? "" : "# Foxes\n\n";
  const std::uint64_t parts = random.below(7);
  for (std::uint64_t i = 0; i < parts; ++i) {
    switch (random.below(6)) {
      case 0:
        text += search_tag("A fox", fmt::format("fox {}", random.below(3))) + "\n\n";
        break;
      case 1:
        text += code_tag("Fox bars", random.below(2) == 0 ? "broken" : "good") + "\n\n";
        break;
      case 2:
        text += tag::print({"A grey fox", tag::EditParams{random.below(3), "shaky"}}) + "\n\n";
        break;
      case 3:
        text += "<imgen>{nonsense}</imgen>\n\n";
        break;
      default:
        text += fmt::format("The fox {} sleeps.\n\n", random.below(4));
    }
  }
  return text;
}

/// Answers, repairs and revisions, good and bad, by seed and request.
std::string random_reply(std::uint64_t seed, const lm::GenerateRequest& request) {
  Random random(seed ^ request.messages.back().text.size());
  if (is_repair(request))
    return random.below(2) == 0 ? "no tag" : code_tag("Fox bars", random.below(2) == 0 ? "broken" : "good");
  if (!is_polish(request)) return random_answer(random);
  std::string reply = "# Foxes\n\nThe red fox sleeps in the wood by day, and hunts by night.\n\n";
  const std::uint64_t figures = random.below(4);
  for (std::uint64_t i = 1; i <= figures; ++i)
    reply += random.below(4) == 0 ? search_tag("A fox", "fox 9") + "\n\n" : fmt::format("[[figure {}]]\n\n", i);
  return reply;
}

struct Stage {
  ReplyingModel model{random_reply};
  PlainTool search{tag::Source::kSearch, 0.01};
  PlainTool code{tag::Source::kCode};
  PlainTool edit{tag::Source::kEdit, 0.02};
  RewardSelector selector;
  TitleChooser chooser;
  agent::Task task;
  agent::Services services{.model = &model, .tools = {&search, &code, &edit}};

  Stage() {
    task.prompt = "Foxes";
    task.prices = kPrices;
    search.titles = {"wolf", "fox", "red fox"};
  }
  Scaled write(std::uint64_t seed, const Options& options) {
    Budget budget(task.limits);
    const Means means{.budget = budget, .selector = selector, .chooser = chooser};
    return scaling::write({.seed = seed}, services, task, options, means, [](const document::Event&) {}).value();
  }
  /// The score of a document that is whole.
  double score(const document::Document& document) {
    Version version{.made = true};
    version.document = document;
    return *selector.judge({}, task, version).score;
  }
};

Options random_options() {
  return {.candidates = *rc::gen::inRange<std::size_t>(1, 5),
          .validate = *rc::gen::arbitrary<bool>(),
          .select = *rc::gen::arbitrary<bool>(),
          .enhance = *rc::gen::arbitrary<bool>(),
          .polish = *rc::gen::arbitrary<bool>()};
}

/// Empty answers end in an error, which is no document to compare.
bool writes_something(std::uint64_t seed) {
  Random random(seed ^ std::string("Foxes").size());
  return !random_answer(random).empty();
}

RC_GTEST_PROP(ScalingProperty, TheBudgetHolds, ()) {
  Stage stage;
  const auto seed = *rc::gen::suchThat(rc::gen::inRange<std::uint64_t>(1, 1'000'000), writes_something);
  stage.task.limits.max_model_tokens = *rc::gen::inRange<std::size_t>(1, 2000);
  stage.task.limits.max_tool_calls = *rc::gen::inRange<std::size_t>(0, 12);
  stage.task.limits.max_cost = *rc::gen::inRange(0, 100) / 1000.0;
  const Scaled scaled = stage.write(seed, random_options());
  const agent::Limits& limits = stage.task.limits;
  RC_ASSERT(stage.model.tokens <= limits.max_model_tokens);
  const std::size_t calls = stage.search.called.size() + stage.code.called.size() + stage.edit.called.size();
  RC_ASSERT(calls <= limits.max_tool_calls);
  RC_ASSERT(scaled.scale.total.usage.tool_calls == calls);
  RC_ASSERT(scaled.scale.total.usage.completion_tokens == stage.model.tokens);
  if (limits.max_cost > 0) RC_ASSERT(scaled.scale.total.usage.cost.value_or(0) <= limits.max_cost);
}

RC_GTEST_PROP(ScalingProperty, TheDocumentIsNotWorseThanThePlainOne, ()) {
  Stage stage;
  const auto seed = *rc::gen::suchThat(rc::gen::inRange<std::uint64_t>(1, 1'000'000), writes_something);
  Options options = random_options();
  // Validation may put out what the selector likes best, and only what is made shows whether a repair will help.
  options.select = true;
  options.validate = false;
  stage.task.limits.max_repairs = 0;
  const double plain =
      stage.score(agent::write({.seed = seed}, stage.services, stage.task, [](const auto&) {})->document);
  const Scaled scaled = stage.write(seed, options);
  RC_ASSERT(stage.score(scaled.report.document) >= plain - 1e-12);
}

RC_GTEST_PROP(ScalingProperty, NoStageMakesItWorse, ()) {
  Stage stage;
  const auto seed = *rc::gen::suchThat(rc::gen::inRange<std::uint64_t>(1, 1'000'000), writes_something);
  for (const StepReport& step : stage.write(seed, random_options()).scale.steps) {
    if (step.step != Step::kValidate && step.before && step.after) RC_ASSERT(*step.after >= *step.before);
  }
}

}  // namespace
}  // namespace llmi::scaling
