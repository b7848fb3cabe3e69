#pragma once

#include "eval/benchmark.h"

/// OpenING: JSON lines of {"total_uid", "conversations": [{"input": [step…]}, {"output": [step…]}], …} with steps
/// {"text", "image": path or null}. Pictures are named from the file's folder on.
namespace llmi::eval::opening {

/// A folder: test_data.jsonl in it. The wanted structure is that of the reference output.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// One call: seven criteria from 0 to 10, pictures of request and answer numbered through.
[[nodiscard]] Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer);

/// gen_outputs/<MODEL>_output/<total_uid>.json: the item with `output` replaced, each step one text and at most one
/// picture (`"image": null` where there is none), and beside it the pictures <total_uid>-o-<k>.jpg, k from 0.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

/// "overall": the mean of the seven means, as published with two decimals; absent while one of them is.
[[nodiscard]] std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows);

}  // namespace llmi::eval::opening
