#pragma once

#include "eval/benchmark.h"

/// LLMI-Bench: a JSON list of {"prompt", "r1" … "r10", "images"?}, as the published evaluation code reads it. A file
/// NAME.expected.json beside NAME.json may say what its items ask for (prompts/eval/llmi-bench/README.md).
namespace llmi::eval::llmi_bench {

/// A folder: text_only.json and mm_input.json, those that are there.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// One call a criterion, each 0, 1 or 2; the judge sees no tags, no tool names, no other criterion. Measure `score`:
/// the part of the marks that could be had, missing as soon as one mark is; `score_lowest` and `score_highest` take
/// missing marks for 0 and for 2.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// json_results/evaluation_results.json: a list of {"sample_index", "prompt", "answer", "scores", "justifications"}, a
/// missing mark being -1 there.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

/// "score of 10" and "tool accuracy %" as the paper gives them.
[[nodiscard]] std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows);

}  // namespace llmi::eval::llmi_bench
