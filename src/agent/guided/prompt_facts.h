#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/guided/given_values.h"

namespace llmi::agent {

enum class ChartKind : std::uint8_t { kFitting, kBar, kLine, kPie };

struct ChartWish {
  ChartKind kind = ChartKind::kFitting;
  std::string subject;  ///< "eruption sizes"; empty when the prompt does not say.
};

/// What the rules of guided mode read from a prompt.
struct PromptFacts {
  std::string topic;         ///< "volcanoes": what the document is about, in the prompt's words, without an article.
  std::string topic_phrase;  ///< The same with its article: "a fox who learns to fly".
  std::string title;         ///< "A Short Illustrated Guide to Volcanoes".
  bool story = false;        ///< A tale is wanted, not facts.
  std::optional<std::size_t> pictures;  ///< How many it asks for in words.
  GivenData data;
  std::optional<ChartWish> chart;
  std::string edit_wish;            ///< How one picture is to be changed ("black and white"); empty: not at all.
  std::vector<std::string> things;  ///< Content words of the prompt, topic words first, without duplicates.
};

/// Reads a prompt by rules alone (docs/guided.md). Never fails: a prompt without any words has the topic "document".
[[nodiscard]] PromptFacts read_prompt(std::string_view prompt);

}  // namespace llmi::agent
