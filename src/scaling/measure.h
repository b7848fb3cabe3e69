#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "scaling/budget.h"
#include "scaling/report.h"

namespace llmi::scaling {

/// Measures a step from its making to its end, then adds it to the steps of a report and tells its note.
class Measure {
 public:
  using Tell = std::function<void(const std::string&)>;
  /// All outlive it.
  Measure(Step which, const Budget& budget, std::vector<StepReport>& steps, const Tell& tell)
      : budget_(budget), steps_(steps), tell_(tell), before_(budget.spent()) {
    step.step = which;
  }
  Measure(const Measure&) = delete;
  Measure& operator=(const Measure&) = delete;
  ~Measure() {
    step.spent = budget_.spent() - before_;
    step.time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
    if (tell_) tell_(std::string(name(step.step)) + ": " + step.note);
    steps_.push_back(std::move(step));
  }

  StepReport step;

 private:
  const Budget& budget_;
  std::vector<StepReport>& steps_;
  const Tell& tell_;
  const Spent before_;
  const Clock::time_point begin_ = Clock::now();
};

}  // namespace llmi::scaling
