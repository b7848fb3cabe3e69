#include "data/tool_set.h"

#include <algorithm>
#include <cstddef>

namespace llmi::data {

std::optional<ToolSet> parse_tools(std::string_view text) {
  std::vector<std::string> names;
  if (text == "-") return ToolSet();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    names.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parse_tools(names);
}

std::optional<ToolSet> parse_tools(const std::vector<std::string>& names) {
  ToolSet tools;
  for (const std::string& name : names) {
    const auto* const found = std::ranges::find(kTools, name);
    if (found == kTools.end()) return std::nullopt;
    const auto bit = static_cast<std::size_t>(found - kTools.begin());
    if (tools[bit]) return std::nullopt;
    tools.set(bit);
  }
  return tools;
}

std::string print_tools(const ToolSet& tools) {
  std::string text;
  for (const std::string& name : tool_names(tools)) text += (text.empty() ? "" : "+") + name;
  return text.empty() ? "-" : text;
}

std::vector<std::string> tool_names(const ToolSet& tools) {
  std::vector<std::string> names;
  for (std::size_t bit = 0; bit < kTools.size(); ++bit)
    if (tools[bit]) names.emplace_back(kTools[bit]);
  return names;
}

std::string_view picture_kind(int image_num) {
  if (image_num == kNoPictures) return "none";
  if (image_num == kAnyPictures) return "any";
  return image_num == kSomePictures ? "some" : "exact";
}

}  // namespace llmi::data
