#pragma once

#include "eval/benchmark.h"

/// MMIE: a JSON list of {"id", "question", "gt_answer", …} whose question is a text or a list of {"text", "image": path
/// or null}. Its judge is a model of its own, so answers are written for it and nothing is judged here.
namespace llmi::eval::mmie {

/// A folder: data.json in it.
[[nodiscard]] Result<std::vector<Item>> read(const ItemPlace& place);

/// mmie/data.json and mmie/images/, the folder that the scorer takes: each item with `answer`, a list of {"text",
/// "image": path or null}, and `model`; pictures of questions are copied along.
[[nodiscard]] Result<void> write(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                                 std::span<const Finished> finished);

}  // namespace llmi::eval::mmie
