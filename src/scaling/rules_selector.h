#pragma once

#include "scaling/selector.h"

namespace llmi::scaling {

/// Selects without a judge: 0.7 x what the rules say of number, validity, making and distinctness of the pictures, and
/// 0.3 x how the document reads (reading.h). Planned pictures count as made.
class RulesSelector final : public Selector {
 public:
  [[nodiscard]] std::string name() const override { return "rules"; }
  [[nodiscard]] Judgement judge(const RunContext& context, const agent::Task& task, const Version& version) override;
};

}  // namespace llmi::scaling
