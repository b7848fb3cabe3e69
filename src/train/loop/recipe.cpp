#include "train/loop/recipe.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <sstream>
#include <utility>

namespace llmi::train {
namespace {

namespace fs = std::filesystem;
using policy_math::Aggregation;
using policy_math::Baseline;

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};
constexpr std::array kAlgorithms{Named{"sft", Algorithm::kSft}, Named{"grpo", Algorithm::kGrpo},
                                 Named{"gspo", Algorithm::kGspo}};
constexpr std::array kBaselines{Named{"standardised", Baseline::kStandardised}, Named{"mean", Baseline::kMean},
                                Named{"leave-one-out", Baseline::kLeaveOneOut}};
constexpr std::array kAggregations{Named{"token-mean", Aggregation::kTokenMean},
                                   Named{"sequence-mean-of-token-mean", Aggregation::kSequenceMeanOfTokenMean},
                                   Named{"sequence-sum", Aggregation::kSequenceSum}};
constexpr std::array<std::string_view, 7> kMatrices{"q", "k", "v", "o", "gate", "up", "down"};

struct Bounds {
  double low;
  double high;
};

/// Reads keys out of a table; what is left over is unknown.
class Reader {
 public:
  Reader(const toml::table& table, const fs::path& file) : file_(file) { flatten(table, ""); }

  void text(const char* key, std::string& value) {
    with(key, [&](const toml::node& node) {
      const auto found = node.value<std::string>();
      if (!found) return wrong(key, node, "a text");
      value = *found;
    });
  }
  template <class Number>
  void number(const char* key, Number& value, Bounds bounds) {
    with(key, [&](const toml::node& node) {
      const auto found = node.value<double>();
      const bool whole = std::is_floating_point_v<Number> || node.is_integer();
      if (!found || !whole || *found < bounds.low || *found > bounds.high)
        return wrong(key, node,
                     fmt::format("a {} from {} to {}", std::is_floating_point_v<Number> ? "number" : "whole number",
                                 bounds.low, bounds.high));
      value = static_cast<Number>(*found);
    });
  }
  template <class Value, std::size_t size>
  void choice(const char* key, Value& value, const std::array<Named<Value>, size>& choices) {
    with(key, [&](const toml::node& node) {
      const auto found = std::ranges::find(choices, node.value_or(std::string()), &Named<Value>::name);
      if (found != choices.end()) {
        value = found->value;
        return;
      }
      std::string names;
      for (const auto& choice : choices) names += fmt::format("{}{}", names.empty() ? "" : ", ", choice.name);
      wrong(key, node, "one of " + names);
    });
  }
  void matrices(const char* key, std::vector<std::string>& value) {
    with(key, [&](const toml::node& node) {
      value.clear();
      if (const toml::array* list = node.as_array())
        for (const toml::node& item : *list) value.push_back(item.value_or(std::string()));
      const bool known = std::ranges::all_of(
          value, [](const std::string& name) { return std::ranges::find(kMatrices, name) != kMatrices.end(); });
      if (value.empty() || !known) wrong(key, node, "a list of q, k, v, o, gate, up, down");
    });
  }
  [[nodiscard]] bool has(const char* key) const { return std::ranges::count(seen_, key) > 0; }

  /// The first mistake, or the first key that nobody asked for.
  Result<void> finish() {
    if (error_.empty() && !nodes_.empty()) error_ = fmt::format("{}: there is no such key", nodes_.front().first);
    if (error_.empty()) return {};
    return fail(ErrorCode::kInvalidConfig, Origin::kCaller, fmt::format("{}: {}", file_.string(), error_));
  }
  void refuse(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

 private:
  void flatten(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      if (const toml::table* inner = node.as_table()) {
        flatten(*inner, name + ".");
      } else {
        nodes_.emplace_back(name, &node);
      }
    }
  }
  void with(const char* key, const std::function<void(const toml::node&)>& use) {
    const auto found = std::ranges::find(nodes_, key, [](const auto& node) { return node.first; });
    if (found == nodes_.end()) return;
    seen_.emplace_back(key);
    const toml::node& node = *found->second;
    nodes_.erase(found);
    use(node);
  }
  void wrong(const char* key, const toml::node& node, const std::string& allowed) {
    std::ostringstream value;
    node.visit([&](const auto& known) { value << known; });
    refuse(fmt::format("line {}: {} is {}; it must be {}", node.source().begin.line, key, value.str(), allowed));
  }

  const fs::path& file_;
  std::vector<std::pair<std::string, const toml::node*>> nodes_;
  std::vector<std::string> seen_;
  std::string error_;
};

void read_what(Reader& reader, Recipe& recipe, const fs::path& file) {
  reader.choice("algorithm", recipe.algorithm, kAlgorithms);
  reader.text("model", recipe.model);
  reader.text("system", recipe.system);
  reader.number("seed", recipe.seed, {0, 0x1p53});
  reader.number("steps", recipe.steps, {1, 1e6});
  reader.number("checkpoint_every", recipe.checkpoint_every, {1, 1e6});
  std::string data;
  reader.text("data.file", data);
  if (!data.empty()) recipe.data = file.parent_path() / data;
  reader.text("data.language", recipe.language);
}

void read_step(Reader& reader, Recipe& recipe) {
  reader.number("step.prompts", recipe.prompts, {1, 4096});
  reader.number("step.rollouts", recipe.rollouts, {2, 64});
  reader.number("step.prompt_tokens", recipe.prompt_tokens, {1, 1e6});
  reader.number("step.response_tokens", recipe.response_tokens, {1, 1e6});
  reader.number("step.micro_tokens", recipe.micro_tokens, {1, 1e7});
  reader.number("step.updates", recipe.updates, {1, 64});
  reader.number("step.resample", recipe.resample, {0, 10});
}

void read_optimizer(Reader& reader, Recipe& recipe) {
  reader.number("optimizer.learning_rate", recipe.learning_rate, {0, 1});
  reader.number("optimizer.warmup", recipe.warmup, {0, 1e6});
  reader.number("optimizer.final_share", recipe.final_share, {0, 1});
  reader.number("optimizer.weight_decay", recipe.weight_decay, {0, 1});
  reader.number("optimizer.gradient_clip", recipe.gradient_clip, {1e-6, 1e6});
}

void read_loss(Reader& reader, Recipe& recipe) {
  if (recipe.algorithm == Algorithm::kGspo) {
    recipe.clip = policy_math::kGspoClip;
    recipe.aggregation = Aggregation::kSequenceMeanOfTokenMean;
  }
  reader.choice("loss.baseline", recipe.baseline, kBaselines);
  reader.choice("loss.aggregation", recipe.aggregation, kAggregations);
  reader.number("loss.clip_low", recipe.clip.low, {0, 0.999});
  reader.number("loss.clip_high", recipe.clip.high, {0, 1e3});
  reader.number("loss.dual_clip", recipe.clip.dual, {1.001, 1e6});
  reader.number("loss.importance_cap", recipe.importance_cap, {1, 1e6});
}

void read_weights(Reader& reader, Recipe& recipe) {
  std::size_t rank = *recipe.lora_rank;
  reader.number("lora.rank", rank, {0, 4096});
  recipe.lora_rank = rank == 0 ? std::nullopt : std::optional(rank);
  reader.number("lora.alpha", recipe.lora_alpha, {1e-3, 1e6});
  reader.matrices("lora.matrices", recipe.lora_matrices);
}

}  // namespace

Result<Recipe> read_recipe(std::string_view toml, const fs::path& file) {
  try {
    const toml::table table = toml::parse(toml, file.string());
    Reader reader(table, file);
    Recipe recipe;
    read_what(reader, recipe, file);
    read_step(reader, recipe);
    read_optimizer(reader, recipe);
    read_loss(reader, recipe);
    read_weights(reader, recipe);
    for (const char* needed : {"algorithm", "model", "steps"})
      if (!reader.has(needed)) reader.refuse(fmt::format("{} is missing", needed));
    if (!recipe.lora_rank && recipe.algorithm != Algorithm::kSft)
      reader.refuse("lora.rank: 0 learns all weights, which only sft can: the sampler takes adapters");
    if (recipe.updates > recipe.prompts) reader.refuse("step.updates: more than step.prompts");
    LLMI_CHECK_OK(reader.finish());
    return recipe;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidConfig, Origin::kCaller,
                fmt::format("{}: line {}: {}", file.string(), error.source().begin.line, error.description()));
  }
}

double learning_rate(const Recipe& recipe, std::size_t step) {
  if (step < recipe.warmup)
    return recipe.learning_rate * static_cast<double>(step + 1) / static_cast<double>(recipe.warmup);
  const auto left = static_cast<double>(recipe.steps - std::min(recipe.steps, recipe.warmup));
  const double done = left <= 1 ? 0 : static_cast<double>(step - recipe.warmup) / (left - 1);
  const double share =
      recipe.final_share + (1 - recipe.final_share) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
  return recipe.learning_rate * share;
}

}  // namespace llmi::train
