#pragma once

#include "eval/benchmark.h"

/// ISG-Bench: JSON lines of {"id", "Category", "Query", "Golden", "predict"}; Query and Golden are lists of
/// {"type": "text" or "image", "content"}. Pictures are named from the file's folder on.
namespace llmi::eval::isg {

/// A folder: ISG-Bench.jsonl in it. The wanted structure is that of Golden.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// Four levels. `structure`: the row of blocks is Golden's. `block`: relations between blocks, mean of 1 to 10.
/// `image`: part of the yes/no questions with yes; a question counts as no, unasked, when one that it builds on was
/// answered with no. `holistic`: the judge's overall mark from 1 to 10 against Golden. Without the right structure
/// `image` is 0 and `block` 1, as in the benchmark. A level that lacks a mark is missing. As published: a question that
/// builds on another is never asked and counts as no; failed marks count as no, are left out of `block`, and make
/// `holistic` 1; every block question is asked a second time, for yes or no.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// isg_output.jsonl: each item with `output`, a list of {"type", "content"}; a picture's content is its absolute path.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

}  // namespace llmi::eval::isg
