#pragma once

#include "eval/benchmark.h"

/// TVIR-Bench: a JSON list of {"id", "query", "checklist": {section: [question…]}}.
namespace llmi::eval::tvir {

/// A folder: query.json in it.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// The checklist, a call a question, 0, 1 or 2 (not, in part, fully), as llmi_bench::judge asks. Measure `checklist` in
/// [0, 1]. The other nine scores need the benchmark's own scorer.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// reports/MODEL/ID/report.md with charts/ (plots) and images/ (all other pictures).
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

}  // namespace llmi::eval::tvir
