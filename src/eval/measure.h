#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/document.h"
#include "eval/item.h"

namespace llmi::eval {

/// A number that one sample gives. Over samples it is sum of `sum` / sum of `weight`: a mean where every weight is 1, a
/// rate over all tags or calls where the weight is their number.
struct Measure {
  std::string name;
  double sum = 0;
  double weight = 1;
  bool missing = false;  ///< It applies, but a judge failed: counted as missing, part of no mean.
  bool operator==(const Measure&) const = default;
};

/// What a judge said about one point, or why it could not.
struct Mark {
  std::string name;
  int value = 0;
  bool missing = false;
  std::string reason;  ///< The judge's; of a missing mark, what went wrong.
  bool operator==(const Mark&) const = default;
};

/// One call to a judge, as it went: what its marks can be traced to.
struct JudgeCall {
  std::string prompt_id;
  std::string reply;  ///< As it came; empty where there is none, or none that could be read.
  std::string model;
  std::uint64_t seed = 0;
  std::string error;  ///< Why there is no verdict.
  bool operator==(const JudgeCall&) const = default;
};

/// A judge's work on one sample.
struct Judged {
  std::vector<Mark> marks;
  std::vector<Measure> measures;
};

/// The measures that need no judge (docs/eval.md defines each). Left out is what does not apply: right tools where the
/// item names none, rates without a tag. `planned`: no tool ran, valid calls stand for the pictures they would bring.
[[nodiscard]] std::vector<Measure> measure(const Item& item, const document::Document& document, bool planned = false);

}  // namespace llmi::eval
