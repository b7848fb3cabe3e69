#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::agent {

/// A number that the prompt gives, with what it belongs to.
struct GivenValue {
  std::string label;
  double value = 0;
  std::string text;  ///< The number as written, without thousands separators.
};

/// What the rules of guided mode read from a prompt.
struct PromptFacts {
  std::string topic;                ///< "volcanoes": what the document is about, in the prompt's words.
  std::vector<GivenValue> values;   ///< At least two with different labels, else empty.
  std::string unit;                 ///< "%", "km", …; empty when the numbers have none or different ones.
  bool wants_chart = false;
  std::string chart_subject;        ///< "eruption sizes"; empty when the prompt does not say.
  std::vector<std::string> things;  ///< Content words of the prompt, topic words first, without duplicates.
};

/// Reads a prompt by rules alone (docs/guided.md). Never fails: a prompt without any words has the topic "document".
[[nodiscard]] PromptFacts read_prompt(std::string_view prompt);

}  // namespace llmi::agent
