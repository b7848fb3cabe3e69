#pragma once

#include <bitset>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/phrase.h"
#include "data/tool_set.h"

namespace llmi::data {

/// Which of a topic's situations a wish goes with, by their order.
using Scope = std::bitset<16>;

/// A wish about the text.
struct Ask {
  std::string text;
  Scope scope;
};

/// A wish for pictures, as whole sentences that stand by themselves.
struct Want {
  ToolSet tools;                ///< What it takes to fulfil it.
  std::optional<int> pictures;  ///< How many it asks for; nothing: it leaves the number open.
  std::string text;
  Scope scope;
};

/// A prompt that is complete as it is.
struct WholePrompt {
  int image_num = kAnyPictures;
  ToolSet tools;
  std::string text;
};

/// A subject in one language. The same id in two languages is the same subject.
struct Topic {
  std::string id;
  std::string domain;
  std::string language;
  std::vector<std::string> situations;  ///< Who asks, why, and for what kind of text.
  std::vector<Ask> asks;
  std::vector<Want> wants;
  std::vector<WholePrompt> whole;
  /// Groups of input pictures ("CORPUS/path in the corpus"); all of one prompt are of one group. A topic that has any
  /// gives multimodal rows only.
  std::vector<std::vector<std::string>> pictures;
};

/// What people of one language say whatever the subject, by kind ("none", "tail", …: docs/data.md).
using Voice = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Language {
  std::string code;
  Voice voice;
  NumberStyle numbers;
  bool spaces = true;  ///< Between words and sentences.
  std::vector<Topic> topics;
};

/// Everything prompts are made of.
struct Material {
  std::vector<Language> languages;  ///< By code.
  std::vector<std::string> leaks;   ///< Patterns of leaks.h.
};

/// Reads a folder: leaks.txt and one folder a language with voice.txt and files of topics.
/// Errors: kNotFound; kUnreadable naming file and line.
[[nodiscard]] Result<Material> read_material(const std::filesystem::path& folder);

/// Reads the text of one file of topics. Errors: kUnreadable naming the line.
[[nodiscard]] Result<std::vector<Topic>> parse_topics(std::string_view text, const std::string& language);

}  // namespace llmi::data
