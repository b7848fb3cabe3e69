#pragma once

#include "eval/benchmark.h"

/// UEval: a JSON list or JSON lines of {"id", "prompt", "task", "text_rubrics": […], "image_rubrics": […]}.
namespace llmi::eval::ueval {

[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// One call a rubric, yes or no; text rubrics see the text alone, image rubrics the pictures alone, as in the
/// benchmark. Measures `text_rate` and `image_rate`: rubrics that are met of all of their kind.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// ueval_output.json: a list of {"id", "text_answer", "image_answer": [absolute paths]}.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

/// The mean of both rates in percent, as published.
[[nodiscard]] std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows);

}  // namespace llmi::eval::ueval
