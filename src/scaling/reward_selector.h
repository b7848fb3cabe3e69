#pragma once

#include <optional>
#include <string>

#include "reward/facts.h"
#include "reward/judge.h"
#include "reward/picture_intake.h"
#include "reward/sample.h"
#include "scaling/selector.h"

namespace llmi::scaling {

/// Selects by the strict variant of the reward (docs/reward.md). With judges it asks them; planned pictures count as
/// made and as good as they can be, and so does what a judge that is switched off would mark. Without judges: 0.7 x the
/// rules and 0.3 x how the document reads (reading.h). A score of a plan is never below that of the document that comes
/// of it without repairs.
class RewardSelector final : public Selector {
 public:
  struct Options {
    reward::Judge* llm = nullptr;  ///< Null: switched off. Outlives the selector, like the others.
    reward::Judge* mllm = nullptr;
    reward::PictureIntake* intake = nullptr;  ///< Finds near-identical pictures; null: only equal ones are found.
    std::string name = "rules";
  };
  RewardSelector() = default;
  explicit RewardSelector(Options options) : options_(std::move(options)) {}

  [[nodiscard]] std::string name() const override { return options_.name; }
  [[nodiscard]] Judgement judge(const RunContext& context, const agent::Task& task, const Version& version) override;

 private:
  /// What judges said; a message where one that is needed did not.
  struct Verdicts {
    double llm = 1;
    double mllm = 1;
    std::optional<bool> needs_pictures;
    std::string missing;
  };
  [[nodiscard]] Result<reward::Facts> facts_of(const RunContext& context, const reward::Sample& sample,
                                               const Version& version);
  [[nodiscard]] Verdicts ask(const RunContext& context, const reward::Sample& sample, const reward::Facts& facts,
                             bool made) const;
  void ask_text(const RunContext& context, const reward::Sample& sample, const reward::Facts& facts,
                Verdicts& verdicts) const;
  void ask_pictures(const RunContext& context, const reward::Sample& sample, Verdicts& verdicts) const;

  Options options_;
  reward::PictureIntake own_intake_;
};

}  // namespace llmi::scaling
