#include "reward/strict.h"

#include <algorithm>
#include <string_view>

namespace llmi::reward {
namespace {

constexpr double kCountWeight = 0.15;
constexpr double kPictureWeight = 0.30;
constexpr double kTextWeight = 0.35;
constexpr double kToolWeight = 0.10;
constexpr double kExecutionWeight = 0.10;

/// What a factor falls to at worst; brevity alone has no floor, since length has no bound.
constexpr double kFloor = 0.5;

/// A text up to here is not too long: some 8,000 tokens.
constexpr double kLongEnough = 32'000;

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

double factor(double share) { return kFloor + (1 - kFloor) * share; }

double strict_count(const Facts& facts, std::optional<bool> needs) {
  if (facts.image_num == kAnyPictures) return facts.ready == 0 && needs.value_or(false) ? 0 : 1;
  return count_rule(facts.image_num, facts.distinct, facts.split);
}

/// The share of tags that came to a picture. Without tags it says nothing, unless there should have been some.
std::optional<double> execution(const Facts& facts, std::optional<bool> needs) {
  if (facts.tags > 0) return share(facts.ready, facts.tags);
  return needs.value_or(false) ? std::optional(0.0) : std::nullopt;
}

std::optional<double> value_of(const Components& components, std::string_view name) {
  const auto found = std::ranges::find(components, name, &Components::value_type::first);
  return found == components.end() ? std::nullopt : found->second;
}

}  // namespace

std::optional<bool> profits_from_pictures(const Facts& facts, std::optional<bool> judged) {
  if (facts.image_num == kNoPictures) return false;
  if (facts.image_num != kAnyPictures) return true;
  return facts.needs_pictures ? facts.needs_pictures : judged;
}

double mllm_without_pictures(std::optional<bool> needs) {
  if (!needs) return 0.5;
  return *needs ? 0 : 1;
}

int tag_mark_without_tags(std::optional<bool> needs) {
  if (!needs) return 3;
  return *needs ? 1 : 5;
}

Components strict_components(const Facts& facts, std::optional<bool> needs, const StrictParts& parts) {
  const double longest = std::max(kLongEnough, static_cast<double>(facts.characters));
  return {{"count", strict_count(facts, needs)},
          {"llm", parts.llm},
          {"mllm", parts.mllm},
          {"tools", facts.required.empty() ? std::nullopt : std::optional(tool_rule(facts.required, facts.used))},
          {"execution", execution(facts, needs)},
          {"validity", factor(share(facts.valid, facts.tags))},
          {"distinctness", factor(share(facts.distinct, facts.ready))},
          {"brevity", kLongEnough / longest},
          {"candour", facts.addresses_judge ? kFloor : 1.0}};
}

double strict_reward(const Components& components, bool rules_only) {
  double sum = 0;
  double weights = 0;
  const auto add = [&](double weight, std::optional<double> value) {
    if (!value) return;
    sum += weight * *value;
    weights += weight;
  };
  const double count = value_of(components, "count").value_or(0);
  add(kCountWeight, count);
  add(kToolWeight, value_of(components, "tools"));
  add(kExecutionWeight, value_of(components, "execution"));
  if (!rules_only) {
    add(kPictureWeight, count * value_of(components, "mllm").value_or(0));
    add(kTextWeight, value_of(components, "llm").value_or(0));
  }
  double reward = sum / weights;
  for (const char* name : {"validity", "distinctness", "brevity", "candour"})
    reward *= value_of(components, name).value_or(1);
  return reward;
}

}  // namespace llmi::reward
