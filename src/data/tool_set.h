#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::data {

/// The four tools, in the order in which rows name them.
inline constexpr std::array<std::string_view, 4> kTools{"search", "diffusion", "code", "edit"};

/// Which tools a prompt needs; bit i is kTools[i].
using ToolSet = std::bitset<kTools.size()>;

/// "search+code", or "-" for none. Nothing for an unknown or repeated name.
[[nodiscard]] std::optional<ToolSet> parse_tools(std::string_view text);
/// The same from the names one by one.
[[nodiscard]] std::optional<ToolSet> parse_tools(const std::vector<std::string>& names);
[[nodiscard]] std::string print_tools(const ToolSet& tools);
[[nodiscard]] std::vector<std::string> tool_names(const ToolSet& tools);

/// Wire values of `image_num`; a positive number below kSomePictures asks for exactly that many.
inline constexpr int kNoPictures = -1;
inline constexpr int kAnyPictures = 0;
inline constexpr int kSomePictures = 99;

/// The four kinds of `image_num`: "none", "any", "some", "exact".
[[nodiscard]] std::string_view picture_kind(int image_num);

}  // namespace llmi::data
