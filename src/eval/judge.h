#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/measure.h"
#include "image/picture.h"

namespace llmi::eval {

/// A whole number that a judge is to give, from `lowest` to `highest`.
struct Scale {
  std::string name;  ///< Its key in the judge's JSON.
  int lowest = 0;
  int highest = 1;
};

/// One call to a judge, which answers {"reason": …, and a number for each scale}.
struct Question {
  std::string_view prompt_id;     ///< Of the template, with its version: goes on record.
  std::string_view instructions;  ///< What the judge is and how it marks.
  std::string content;            ///< What is judged; lm::kPicturePlace stands where each of `pictures` goes.
  std::vector<std::shared_ptr<const image::Picture>> pictures;
  std::vector<Scale> scales;
};

struct Verdict {
  std::map<std::string, int> marks;  ///< One for each scale, within its bounds.
  std::string reason;
  std::string reply;  ///< As it came.
  std::string model;
  std::uint64_t seed = 0;
};

/// Asks a judge, seeded by the context; may be called from several threads. An error means that there is no verdict: no
/// reply, or none that could be read. It must never become a mark.
using Judge = std::function<Result<Verdict>(const RunContext&, const Question&)>;

/// One sample's questions to a judge, each with a seed of its own. A failed one becomes missing marks, so that the rest
/// of the sample is judged all the same. Not thread-safe.
class JudgeSession {
 public:
  /// Both outlive the session.
  JudgeSession(const RunContext& context, const Judge& judge) : context_(context), judge_(judge) {}

  /// A mark for each scale, in order, named like it. Errors: kCancelled, kTimeout when the context ended.
  [[nodiscard]] Result<std::vector<Mark>> ask(const Question& question);
  [[nodiscard]] const RunContext& context() const { return context_; }
  /// What was asked so far, in order.
  [[nodiscard]] const std::vector<JudgeCall>& calls() const { return calls_; }

 private:
  const RunContext& context_;
  const Judge& judge_;
  std::vector<JudgeCall> calls_;
};

}  // namespace llmi::eval
