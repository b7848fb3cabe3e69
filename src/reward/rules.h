#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "reward/sample.h"
#include "tag/tag.h"

namespace llmi::reward {

/// How often a tool was called by valid tags, and how often a picture came of it.
struct ToolUse {
  std::size_t total = 0;
  std::size_t success = 0;
  bool operator==(const ToolUse&) const = default;
};
using ToolUses = std::array<ToolUse, 4>;  ///< In the order of tag::Source.

// The rules of the published recipe (LLM-I, arXiv 2509.13642, and its code). All values lie in [0, 1].

/// The count rule for `pictures` that really came out where `image_num` were asked for: none (-1): 1 without any;
/// any (0): 1; some (99): 1 with at least one; n: 1 for n, v/n for fewer, max(0, 1 - 0.3 (v - n)) for more. On the test
/// split an exact number is 1 or 0.
[[nodiscard]] double count_rule(int image_num, std::size_t pictures, Split split);

/// The judge's marks (1 to 5) for text and tags in one value: ((1.4 text + 0.6 image) / 2 - 1) / 4; with input pictures
/// the weights are 1.5 and 0.5.
[[nodiscard]] double text_component(int text, int image, Modality modality);

/// (mean of the three marks - 1) / 4.
[[nodiscard]] double picture_component(int image_quality, int task_relevance, int text_image_relevance);

/// R = 0.2 c + 0.3 c M + 0.5 L.
[[nodiscard]] double published_reward(double count, double llm, double mllm);

/// Of the required tools, weighted by how hard they are (code 0.4, edit 0.3, search 0.2, diffusion 0.1): half the share
/// that was called, plus half the share that made a picture. 0 where none is required.
[[nodiscard]] double tool_rule(std::span<const tag::Source> required, const ToolUses& used);

}  // namespace llmi::reward
