#include "config/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/units.h"

namespace llmi::config {
namespace {

constexpr double kKiB = 1024;
constexpr double kMiB = 1024 * kKiB;
constexpr double kGiB = 1024 * kMiB;

constexpr std::array kOptions{
    Option{.key = "model.default",
           .type = Type::kText,
           .fallback = "smollm2-135m-instruct",
           .help = "language model: a name from `llmi models list`, a GGUF file, or scripted:FILE",
           .flag = "--model"},
    Option{.key = "model.context_tokens",
           .type = Type::kInteger,
           .fallback = "8192",
           .help = "size of the context window in tokens (never more than the model was trained for)",
           .minimum = 256,
           .maximum = 1 << 20},
    Option{.key = "model.max_tokens",
           .type = Type::kInteger,
           .fallback = "4096",
           .help = "longest answer in tokens",
           .minimum = 1,
           .maximum = 1 << 20},
    Option{.key = "model.temperature",
           .type = Type::kNumber,
           .fallback = "0.7",
           .help = "sampling temperature; 0 always takes the likeliest token",
           .maximum = 5},
    Option{.key = "model.threads",
           .type = Type::kInteger,
           .fallback = "0",
           .help = "threads of the embedded engine; 0: as many as the machine has cores",
           .maximum = 1024},
    Option{.key = "model.lora",
           .type = Type::kList,
           .fallback = "",
           .help = "LoRA adapters for a local model, FILE or FILE:SCALE",
           .flag = "--lora"},
    Option{.key = "search.providers",
           .type = Type::kList,
           .fallback = "local",
           .help = "picture search providers, in the order they are asked",
           .choices = "local"},
    Option{.key = "search.deadline",
           .type = Type::kDuration,
           .fallback = "20s",
           .help = "time one search may take in all",
           .minimum = 1,
           .maximum = 3600e3},
    Option{.key = "search.licences",
           .type = Type::kList,
           .fallback = "",
           .help = "licences a picture may have: SPDX ids, or `commercial`, `modify`; empty: any"},
    Option{.key = "code.max_concurrent",
           .type = Type::kInteger,
           .fallback = "2",
           .help = "plots drawn at the same time",
           .minimum = 1,
           .maximum = 64},
    Option{.key = "code.warm",
           .type = Type::kInteger,
           .fallback = "1",
           .help = "interpreters kept warm",
           .minimum = 0,
           .maximum = 64},
    Option{.key = "code.timeout",
           .type = Type::kDuration,
           .fallback = "10s",
           .help = "time a plot's code may run",
           .minimum = 1,
           .maximum = 3600e3},
    Option{.key = "code.memory",
           .type = Type::kSize,
           .fallback = "1GiB",
           .help = "memory of a plot's code, over all its processes",
           .minimum = 64 * kMiB,
           .maximum = 1024 * kGiB},
    Option{.key = "code.python",
           .type = Type::kText,
           .fallback = "/usr/bin/python3",
           .help = "Python interpreter that has matplotlib, pandas, seaborn and numpy"},
    Option{.key = "edit.timeout",
           .type = Type::kDuration,
           .fallback = "20s",
           .help = "time one edit may take",
           .minimum = 1,
           .maximum = 3600e3},
    Option{.key = "agent.guided",
           .type = Type::kChoice,
           .fallback = "auto",
           .help = "hold the model to a document grammar; auto: for models too small to do without",
           .choices = "auto,on,off"},
    Option{.key = "agent.max_repairs",
           .type = Type::kInteger,
           .fallback = "1",
           .help = "times a faulty figure is handed back to the model",
           .maximum = 10},
    Option{.key = "budget.pictures",
           .type = Type::kInteger,
           .fallback = "200",
           .help = "most pictures a run may make",
           .maximum = 10'000},
    Option{.key = "budget.tool_calls",
           .type = Type::kInteger,
           .fallback = "1000",
           .help = "most tool calls a run may make, repairs included",
           .maximum = 100'000},
    Option{.key = "budget.model_tokens",
           .type = Type::kInteger,
           .fallback = "200000",
           .help = "most tokens the model may write in a run",
           .minimum = 1,
           .maximum = 1e9},
    Option{.key = "cache.enabled",
           .type = Type::kFlag,
           .fallback = "true",
           .help = "answer identical tool calls from the cache",
           .flag = "--cache"},
    Option{.key = "cache.max_size",
           .type = Type::kSize,
           .fallback = "2GiB",
           .help = "size of the cache; the least recently used entries go first",
           .minimum = kMiB,
           .maximum = 1024 * kGiB},
    Option{.key = "paths.data",
           .type = Type::kText,
           .fallback = "",
           .help = "models, corpora and runs; empty: $XDG_DATA_HOME/llmi"},
    Option{.key = "paths.cache",
           .type = Type::kText,
           .fallback = "",
           .help = "results of tool calls; empty: $XDG_CACHE_HOME/llmi"},
    Option{.key = "paths.deps",
           .type = Type::kText,
           .fallback = "",
           .help = "what set-up installed; empty: found from the program's place"},
};

bool in_range(const Option& option, double value) {
  return value >= option.minimum && (option.maximum == 0 || value <= option.maximum);
}

/// A bound as a person would write it for this type.
std::string bound(const Option& option, double value) {
  switch (option.type) {
    case Type::kDuration:
      return print_duration(std::chrono::milliseconds(static_cast<std::int64_t>(value)));
    case Type::kSize:
      return print_size(static_cast<std::uint64_t>(value));
    default:
      return fmt::format("{}", value);
  }
}

std::optional<double> measure(const Option& option, std::string_view text) {
  if (option.type == Type::kDuration) {
    const auto span = parse_duration(text);
    return span ? std::optional(static_cast<double>(span->count())) : std::nullopt;
  }
  if (option.type == Type::kSize) {
    const auto size = parse_size(text);
    return size ? std::optional(static_cast<double>(*size)) : std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  if (option.type == Type::kInteger && value != std::floor(value)) return std::nullopt;
  return value;
}

std::expected<std::string, std::string> check_measure(const Option& option, std::string_view text) {
  const auto value = measure(option, text);
  if (!value) return std::unexpected(fmt::format("expected {}, got \"{}\"", expected(option), text));
  if (!in_range(option, *value)) {
    return std::unexpected(option.maximum == 0
                               ? fmt::format("{} is below {}", text, bound(option, option.minimum))
                               : fmt::format("{} is not within {} … {}", text, bound(option, option.minimum),
                                             bound(option, option.maximum)));
  }
  return std::string(text);
}

bool is_choice(const Option& option, std::string_view word) {
  return option.choices.empty() || std::ranges::count(split_list(option.choices), word) > 0;
}

std::expected<std::string, std::string> check_list(const Option& option, std::string_view text) {
  const auto words = split_list(text);
  for (const std::string& word : words) {
    if (!is_choice(option, word))
      return std::unexpected(fmt::format("\"{}\" is not known here; known: {}", word, option.choices));
  }
  return fmt::format("{}", fmt::join(words, ","));
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({change, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::span<const Option> options() { return kOptions; }

const Option* find_option(std::string_view key) {
  const auto* found = std::ranges::find(kOptions, key, &Option::key);
  return found == kOptions.end() ? nullptr : found;
}

std::string environment_name(const Option& option) {
  std::string name = "LLMI_";
  for (const char c : option.key) name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  return name;
}

std::string expected(const Option& option) {
  switch (option.type) {
    case Type::kText:
      return "text";
    case Type::kFlag:
      return "true or false";
    case Type::kInteger:
      return "a whole number";
    case Type::kNumber:
      return "a number";
    case Type::kDuration:
      return "a duration with a unit, such as \"10s\" or \"2m\"";
    case Type::kSize:
      return "a size with a unit, such as \"512MiB\" or \"1GiB\"";
    case Type::kList:
      return option.choices.empty() ? "a list of texts" : fmt::format("a list of: {}", option.choices);
    case Type::kChoice:
      return fmt::format("one of: {}", option.choices);
  }
  return "text";
}

std::expected<std::string, std::string> check(const Option& option, std::string_view text) {
  switch (option.type) {
    case Type::kText:
      return std::string(text);
    case Type::kFlag:
      if (text == "true" || text == "false") return std::string(text);
      break;
    case Type::kChoice:
      if (is_choice(option, text)) return std::string(text);
      break;
    case Type::kList:
      return check_list(option, text);
    default:
      return check_measure(option, text);
  }
  return std::unexpected(fmt::format("expected {}, got \"{}\"", expected(option), text));
}

std::optional<std::string_view> closest_key(std::string_view key) {
  const auto distance = [&](const Option& option) { return edit_distance(key, option.key); };
  const auto* best = std::ranges::min_element(kOptions, {}, distance);
  return distance(*best) <= std::max<std::size_t>(2, key.size() / 4) ? std::optional(best->key) : std::nullopt;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace llmi::config
