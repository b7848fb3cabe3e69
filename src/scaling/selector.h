#pragma once

#include <optional>
#include <string>

#include "agent/session.h"
#include "base/run_context.h"
#include "scaling/version.h"

namespace llmi::scaling {

/// How good a version is.
struct Judgement {
  std::optional<double> score;  ///< In [0, 1]; nothing: nobody could say.
  std::string reason;           ///< What it was made of, or why there is none.
};

/// Says which of several versions of a document is the best. Scores of plans are comparable with each other, and so are
/// those of versions whose tools ran. Thread-safe.
class Selector {
 public:
  virtual ~Selector() = default;
  Selector() = default;
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;

  /// "rules", or the models that judge.
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual Judgement judge(const RunContext& context, const agent::Task& task, const Version& version) = 0;
};

}  // namespace llmi::scaling
