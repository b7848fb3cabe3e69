#pragma once

#include <functional>
#include <memory>

#include "base/run_context.h"
#include "reward/judge.h"
#include "reward/picture_intake.h"
#include "reward/sample.h"
#include "reward/score.h"

namespace llmi::reward {

/// Runs the tags of a sample whose pictures are not made yet, and fills in `pictures`. Errors: those of the machine (a
/// sandbox that does not work, a stop), never of a tag.
using PictureMaker = std::function<Result<void>(const RunContext&, Sample&)>;

/// Scores samples with a variant's rules and judges. Thread-safe.
class Scorer {
 public:
  struct Options {
    Variant variant = Variant::kStrict;
    Judge* llm = nullptr;  ///< Null: switched off. Outlives the scorer, like the others.
    Judge* mllm = nullptr;
    PictureIntake* intake = nullptr;
    PictureMaker make_pictures;  ///< Empty: tags without given pictures count as failed.
  };
  explicit Scorer(Options options) : options_(std::move(options)) {}

  /// Called exactly once, from any thread; must not block.
  using Done = std::function<void(Score)>;

  /// Makes what pictures are missing and reads the facts on the calling thread, then asks the judges and returns. The
  /// context bounds all of it. Whatever goes wrong is in the score.
  void submit(const RunContext& context, Sample sample, Done done, std::optional<Variant> variant = {}) const;

  /// The same, waited for.
  [[nodiscard]] Score score(const RunContext& context, Sample sample) const;

 private:
  Options options_;
};

}  // namespace llmi::reward
