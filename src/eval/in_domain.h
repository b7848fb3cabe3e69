#pragma once

#include "eval/benchmark.h"

/// The test rows of a prompt set (docs/data.md): picture counts and required tools are known, so that the rules and the
/// judge-free measures say how well a model was trained.
namespace llmi::eval::in_domain {

/// A folder: prompts.jsonl in it. Rows of the train split are left out. Errors: kUnreadable when there is no test row.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

}  // namespace llmi::eval::in_domain
