#include "config/settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/file.h"
#include "base/units.h"
#include "config/options.h"

namespace llmi::config {
namespace {

std::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::kInvalidConfig, llmi::Origin::kCaller, std::move(message));
}

std::string unknown_key(std::string_view place, std::string_view key) {
  const auto close = closest_key(key);
  return fmt::format("{}: unknown key {}{}", place, key, close ? fmt::format("; did you mean {}?", *close) : "");
}

/// A TOML value in the text form that `check` reads; empty when the TOML type cannot stand for the option's.
std::optional<std::string> text_form(const Option& option, const toml::node& node) {
  const bool textual = option.type != Type::kFlag && option.type != Type::kInteger && option.type != Type::kNumber &&
                       option.type != Type::kList;
  if (const auto* text = node.as_string(); text != nullptr && textual) return text->get();
  if (const auto* flag = node.as_boolean(); flag != nullptr && option.type == Type::kFlag)
    return flag->get() ? "true" : "false";
  const bool numeric = option.type == Type::kInteger || option.type == Type::kNumber;
  if (const auto* whole = node.as_integer(); whole != nullptr && numeric) return fmt::format("{}", whole->get());
  if (const auto* real = node.as_floating_point(); real != nullptr && option.type == Type::kNumber)
    return fmt::format("{}", real->get());
  const auto* list = node.as_array();
  if (list == nullptr || option.type != Type::kList) return std::nullopt;
  std::vector<std::string> words;
  for (const toml::node& item : *list) {
    const auto* word = item.as_string();
    if (word == nullptr || word->get().find(',') != std::string::npos) return std::nullopt;
    words.push_back(word->get());
  }
  return fmt::format("{}", fmt::join(words, ","));
}

struct Entry {
  std::string key;
  std::string text;
  std::string place;
};

/// The entries of a TOML table, "table.key" flattened. `file` is only for messages.
Result<void> read_table(const toml::table& table, const std::string& prefix, const std::string& file,
                        std::vector<Entry>& entries) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    const std::string place = fmt::format("{}:{}", file, name.source().begin.line);
    const Option* option = find_option(key);
    const bool is_group = is_table(key);
    if (is_group && node.is_table()) {
      LLMI_CHECK_OK(read_table(*node.as_table(), key + ".", file, entries));
      continue;
    }
    if (option == nullptr && is_group) return bad(fmt::format("{}: {} is a table: write [{}]", place, key, key));
    if (option == nullptr) return bad(unknown_key(place, key));
    const auto text = text_form(*option, node);
    if (!text) return bad(fmt::format("{}: {}: expected {}", place, key, expected(*option)));
    entries.push_back({key, *text, place});
  }
  return {};
}

Result<std::vector<Entry>> read_config_file(const std::filesystem::path& file) {
  std::vector<Entry> entries;
  if (!std::filesystem::exists(file)) return entries;
  auto content = read_file(file, std::size_t{1} << 20);
  if (!content) return bad(content.error().message);
  try {
    const toml::table table = toml::parse(*content, file.string());
    LLMI_CHECK_OK(read_table(table, "", file.string(), entries));
  } catch (const toml::parse_error& error) {
    return bad(fmt::format("{}:{}: not valid TOML: {}", file.string(), error.source().begin.line, error.description()));
  }
  return entries;
}

Result<std::vector<Entry>> read_environment(char** environment) {
  std::vector<Entry> entries;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view variable = *environment;
    const std::string_view name = variable.substr(0, variable.find('='));
    // LLMI_GPU is for scripts/setup, LLMI_REWARD_TOKEN for the adapters in integrations/.
    if (!name.starts_with("LLMI_") || name.starts_with("LLMI_TEST_") || name == "LLMI_GPU" ||
        name == "LLMI_REWARD_TOKEN")
      continue;
    const auto key = key_of_variable(name);
    if (!key) return bad(fmt::format("unknown environment variable {}; `llmi config` lists the known ones", name));
    entries.push_back(
        {*key, std::string(variable.substr(std::min(name.size() + 1, variable.size()))), std::string(name)});
  }
  return entries;
}

}  // namespace

Result<Settings> Settings::load(const std::filesystem::path& file, char** environment) {
  Settings settings;
  for (const Option& option : options()) {
    if (option.key.find('*') == std::string_view::npos) settings.values_[std::string(option.key)] = default_of(option);
  }
  const auto lay = [&](const std::vector<Entry>& entries, Origin origin) -> Result<void> {
    for (const Entry& entry : entries) {
      const auto value = check(*find_option(entry.key), entry.text);
      if (!value) return bad(fmt::format("{}: {}: {}", entry.place, entry.key, value.error()));
      settings.values_[entry.key] = {*value, origin, entry.place};
    }
    return {};
  };
  LLMI_TRY(const auto from_file, read_config_file(file));
  LLMI_CHECK_OK(lay(from_file, Origin::kFile));
  LLMI_TRY(const auto from_environment, read_environment(environment));
  LLMI_CHECK_OK(lay(from_environment, Origin::kEnvironment));
  return settings;
}

Result<void> Settings::set_flag(std::string_view key, std::string_view text) {
  const Option* option = find_option(key);
  if (option == nullptr) throw std::logic_error(fmt::format("no option {}", key));
  const auto value = check(*option, text);
  const std::string_view flag = option->flag.empty() ? option->key : option->flag;
  if (!value) return invalid_argument(fmt::format("{}: {}", flag, value.error()));
  values_.find(key)->second = {*value, Origin::kFlag, std::string(flag)};
  return {};
}

Settings::Value Settings::default_of(const Option& option) {
  return {std::string(option.fallback), Origin::kDefault, "default"};
}

Settings::Value Settings::at(std::string_view key) const {
  if (const auto found = values_.find(key); found != values_.end()) return found->second;
  const Option* option = find_option(key);
  if (option == nullptr) throw std::logic_error(fmt::format("no option {}", key));
  return default_of(*option);
}

std::vector<std::string> Settings::keys() const {
  std::vector<std::string> keys;
  for (const Option& option : options()) {
    for (const auto& [key, value] : values_) {
      if (find_option(key) == &option) keys.push_back(key);
    }
  }
  return keys;
}

std::vector<std::string> Settings::names(std::string_view table) const {
  std::vector<std::string> names;
  for (const auto& [key, value] : values_) {
    const std::size_t begin = table.size() + 1;
    const std::size_t end = key.find('.', begin);
    if (!key.starts_with(fmt::format("{}.", table)) || end == std::string::npos) continue;
    const std::string name = key.substr(begin, end - begin);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

std::string Settings::text(std::string_view key) const { return at(key).text; }
bool Settings::flag(std::string_view key) const { return at(key).text == "true"; }

std::int64_t Settings::integer(std::string_view key) const { return static_cast<std::int64_t>(number(key)); }

double Settings::number(std::string_view key) const {
  const std::string text = at(key).text;
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::chrono::milliseconds Settings::duration(std::string_view key) const {
  return parse_duration(at(key).text).value();
}
std::uint64_t Settings::size(std::string_view key) const { return parse_size(at(key).text).value(); }
std::vector<std::string> Settings::list(std::string_view key) const { return split_list(at(key).text); }
Origin Settings::origin(std::string_view key) const { return at(key).origin; }
std::string Settings::place(std::string_view key) const { return at(key).place; }

}  // namespace llmi::config
