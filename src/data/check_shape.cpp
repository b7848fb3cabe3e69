#include "data/check_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "data/tool_set.h"

namespace llmi::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kMark = "<image>";

/// The member, or null when the object lacks it.
const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::size_t marks_in(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, at + kMark.size()))
    ++count;
  return count;
}

/// A message's text; parts of a list that are pictures count as marks.
std::string content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const Json& part : content) {
    const Json& words = member(part, "text");
    text += words.is_string() ? words.get<std::string>() : std::string(kMark);
  }
  return text;
}

class RowCheck {
 public:
  RowCheck(const Json& row, const fs::path& folder) : row_(row), folder_(folder) {}

  std::vector<ShapeProblem> run() {
    if (!row_.is_object()) {
      report("", "is no JSON object");
      return std::move(problems_);
    }
    prompt();
    data_source();
    images();
    extra_info();
    return std::move(problems_);
  }

 private:
  void report(std::string field, std::string message) { problems_.push_back({std::move(field), std::move(message)}); }

  void prompt() {
    const Json& list = member(row_, "prompt");
    if (!list.is_array() || list.empty()) return report("prompt", "must be a list of messages that is not empty");
    std::string last;
    for (std::size_t i = 0; i < list.size(); ++i) last = message(list[i], fmt::format("prompt[{}]", i));
    if (last != "user") report("prompt", "must end with the user's message");
  }

  /// Returns the message's role.
  std::string message(const Json& message, const std::string& field) {
    static constexpr std::array<std::string_view, 3> kRoles{"system", "user", "assistant"};
    const Json& role = member(message, "role");
    const Json& content = member(message, "content");
    if (!role.is_string() || std::ranges::find(kRoles, role.get<std::string>()) == kRoles.end()) {
      report(field + ".role", "must be system, user or assistant");
      return {};
    }
    if (!content.is_string() && !content.is_array()) {
      report(field + ".content", "must be a text or a list of parts");
    } else if (content_text(content).find_first_not_of(" \n\t") == std::string::npos) {
      report(field + ".content", "is empty");
    }
    return role.get<std::string>();
  }

  void data_source() {
    const Json& source = member(row_, "data_source");
    if (!source.is_string() || source.get<std::string>().empty()) report("data_source", "must be a text");
  }

  void images() {
    const Json& images = member(row_, "images");
    if (!images.is_null() && !images.is_array()) return report("images", "must be a list");
    const std::size_t count = images.is_array() ? images.size() : 0;
    for (std::size_t i = 0; i < count; ++i) image(images[i], fmt::format("images[{}]", i));
    const std::size_t marks = marks_in(user_text(row_));
    if (marks != count)
      report("images", fmt::format("holds {} pictures for {} <image> marks in the prompt", count, marks));
    const Json& source = member(row_, "data_source");
    if (source == "interleaved_mm" && count == 0) report("images", "is empty in a row of interleaved_mm");
    if (source == "interleaved" && count > 0) report("data_source", "must be interleaved_mm in a row with pictures");
  }

  void image(const Json& image, const std::string& field) {
    if (image.is_string()) return path(image.get<std::string>(), field);
    for (const char* key : {"bytes", "image"})
      if (!member(image, key).is_null()) return;
    const Json& file = member(image, "path");
    if (!file.is_string()) return report(field, "must be a path, a data URI or an object with bytes or path");
    path(file.get<std::string>(), field + ".path");
  }

  void path(const std::string& text, const std::string& field) {
    if (text.starts_with("data:image/") || text.starts_with("https://") || text.starts_with("http://")) return;
    std::error_code error;
    if (!fs::is_regular_file(folder_ / text, error)) report(field, fmt::format("\"{}\" is not there", text));
  }

  void extra_info() {
    const Json& info = member(row_, "extra_info");
    if (!info.is_object()) return report("extra_info", "must be an object");
    const Json& split = member(info, "split");
    if (split != "train" && split != "test") report("extra_info.split", "must be train or test");
    const Json& index = member(info, "index");
    if (!index.is_number_integer() || index.get<std::int64_t>() < 0)
      report("extra_info.index", "must be a number from 0 on");
    const Json& question = member(info, "question");
    if (!question.is_string() || question.get<std::string>().empty()) report("extra_info.question", "must be a text");
    tools(info);
    image_num(info);
  }

  void tools(const Json& info) {
    const Json& tools = member(info, "tools");
    if (!tools.is_array()) return report("extra_info.tools", "must be a list");
    std::set<std::string> seen;
    for (const Json& tool : tools) {
      const std::string name = tool.is_string() ? tool.get<std::string>() : tool.dump();
      if (std::ranges::find(kTools, name) == kTools.end())
        report("extra_info.tools", fmt::format("\"{}\" is no tool", name));
      if (!seen.insert(name).second) report("extra_info.tools", fmt::format("names \"{}\" twice", name));
    }
  }

  void image_num(const Json& info) {
    const Json& number = member(info, "image_num");
    if (!number.is_number_integer() || number.get<std::int64_t>() < kNoPictures ||
        number.get<std::int64_t>() > kSomePictures)
      return report("extra_info.image_num", "must be -1, 0, 99 or a number of pictures");
    const Json& tools = member(info, "tools");
    if (number == kNoPictures && tools.is_array() && !tools.empty())
      report("extra_info.tools", "must be empty where no pictures are wanted");
  }

  const Json& row_;
  const fs::path& folder_;
  std::vector<ShapeProblem> problems_;
};

}  // namespace

std::vector<ShapeProblem> check_shape(const nlohmann::json& row, const fs::path& folder) {
  return RowCheck(row, folder).run();
}

std::string user_text(const nlohmann::json& row) {
  std::string text;
  const Json& list = member(row, "prompt");
  if (!list.is_array()) return text;
  for (const Json& message : list)
    if (member(message, "role") == "user")
      text += (text.empty() ? "" : "\n") + content_text(member(message, "content"));
  return text;
}

}  // namespace llmi::data
