#pragma once

#include "eval/benchmark.h"

/// Plans in the manner of ATP-Bench: the answer with its tool calls is marked, no tool runs. Its own data is not
/// public; items are a JSON list or JSON lines of {"prompt" or "query" or "question", "images"?, "id"?, "category"?}.
namespace llmi::eval::atp {

[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// One call on the whole plan. Measures: `call_success` (right calls of all calls), `missed_images`, `plan_quality`
/// from 0 to 100.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// plans.jsonl: {"id", "prompt", "answer", "calls": [{"source", "description", "params"}]} a line.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

}  // namespace llmi::eval::atp
