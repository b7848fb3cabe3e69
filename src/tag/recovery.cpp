#include "tag/recovery.h"

#include <array>
#include <cstddef>

namespace llmi::tag {
namespace {

constexpr std::array<std::string_view, 9> kNames{"utf8",          "fence",           "python",
                                                 "concatenation", "trailing_comma",  "raw_newline",
                                                 "raw_control",   "stray_backslash", "unescaped_quote"};

}  // namespace

std::string_view name(Rule rule) noexcept { return kNames[static_cast<std::size_t>(rule)]; }

std::vector<std::string> RuleSet::names() const {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (has(static_cast<Rule>(i))) result.emplace_back(kNames[i]);
  }
  return result;
}

}  // namespace llmi::tag
