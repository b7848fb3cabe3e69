#include "config/reference.h"

#include <fmt/format.h>

#include <string_view>

#include "base/units.h"
#include "config/options.h"

namespace llmi::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

`llmi config` shows the values in effect and where each comes from. A value comes from, in rising order: its default,
`$XDG_CONFIG_HOME/llmi/config.toml`, its environment variable, its flag. An unknown key, a wrong type or a value out of
range stops the program and names file, line and key. Durations and sizes are texts with units: "10s", "2m", "512MiB".

In `[servers.NAME]` and `[search.PROVIDER]` the name is part of the table's name; in a variable it is upper case:
`LLMI_SERVERS_MINE_URL` sets `url` under `[servers.mine]`. Keys are secrets: they are read from the variable that
`api_key_env` names or the file that `api_key_file` names, never from this file or the command line.

This page is made by `llmi config --reference`.
)";

std::string_view table_of(std::string_view key) { return key.substr(0, key.rfind('.')); }

std::string heading(const Option& option) {
  const std::string_view table = table_of(option.key);
  if (!table.ends_with(".*")) return std::string(table);
  return fmt::format("{}.{}", table.substr(0, table.size() - 2), option.names.empty() ? "NAME" : "PROVIDER");
}

std::string bound_text(const Option& option, double value) {
  if (option.type == Type::kDuration)
    return print_duration(std::chrono::milliseconds(static_cast<std::int64_t>(value)));
  if (option.type == Type::kSize) return print_size(static_cast<std::uint64_t>(value));
  return fmt::format("{}", value);
}

/// What values are allowed, for a person.
std::string values(const Option& option) {
  if (!option.choices.empty()) {
    std::string text = option.type == Type::kList ? "list of " : "";
    for (const std::string& word : split_list(option.choices))
      text += fmt::format("{}`{}`", text.empty() || text.ends_with("of ") ? "" : ", ", word);
    return text;
  }
  const std::string upto = option.maximum > 0 ? fmt::format(" … {}", bound_text(option, option.maximum)) : " or more";
  const std::string range = fmt::format(", {}{}", bound_text(option, option.minimum), upto);
  switch (option.type) {
    case Type::kText:
      return "text";
    case Type::kFlag:
      return "true or false";
    case Type::kList:
      return "list of texts";
    case Type::kInteger:
      return "whole number" + range;
    case Type::kNumber:
      return "number" + range;
    case Type::kDuration:
      return "duration" + range;
    default:
      return "size" + range;
  }
}

std::string row(const Option& option) {
  const std::string_view key = option.key.substr(option.key.rfind('.') + 1);
  std::string help(option.help);
  for (std::size_t at = help.find('|'); at != std::string::npos; at = help.find('|', at + 2)) help.insert(at, "\\");
  return fmt::format("| `{}` | {} | {} | {}{} |\n", key, values(option),
                     option.fallback.empty() ? "" : fmt::format("`{}`", option.fallback), help,
                     option.flag.empty() ? "" : fmt::format(" (`{}`)", option.flag));
}

}  // namespace

std::string reference_markdown() {
  std::string text(kIntroduction);
  std::string_view table;
  for (const Option& option : options()) {
    if (table_of(option.key) != table) {
      table = table_of(option.key);
      text += fmt::format("\n## [{}]\n\n| key | values | default | meaning (flag) |\n| --- | --- | --- | --- |\n",
                          heading(option));
    }
    text += row(option);
  }
  return text;
}

}  // namespace llmi::config
