#include "reward/rules.h"

#include <algorithm>

namespace llmi::reward {
namespace {

constexpr double kSurplusCost = 0.3;

constexpr double weight(tag::Source source) {
  switch (source) {
    case tag::Source::kCode:
      return 0.4;
    case tag::Source::kEdit:
      return 0.3;
    case tag::Source::kSearch:
      return 0.2;
    case tag::Source::kDiffusion:
      return 0.1;
  }
  return 0;
}

double unit_of_mark(double mark) { return (mark - 1) / 4; }

}  // namespace

double count_rule(int image_num, std::size_t pictures, Split split) {
  if (image_num == kNoPictures) return pictures == 0 ? 1 : 0;
  if (image_num == kAnyPictures) return 1;
  if (image_num == kSomePictures) return pictures > 0 ? 1 : 0;
  const auto made = static_cast<double>(pictures);
  const double wanted = image_num;
  if (made == wanted) return 1;
  if (split == Split::kTest) return 0;
  return made < wanted ? made / wanted : std::max(0.0, 1 - kSurplusCost * (made - wanted));
}

double text_component(int text, int image, Modality modality) {
  const double text_weight = modality == Modality::kText ? 1.4 : 1.5;
  return unit_of_mark((text_weight * text + (2 - text_weight) * image) / 2);
}

double picture_component(int image_quality, int task_relevance, int text_image_relevance) {
  return unit_of_mark((image_quality + task_relevance + text_image_relevance) / 3.0);
}

double published_reward(double count, double llm, double mllm) { return 0.2 * count + 0.3 * count * mllm + 0.5 * llm; }

double tool_rule(std::span<const tag::Source> required, const ToolUses& used) {
  double whole = 0;
  double called = 0;
  double made = 0;
  for (const tag::Source source : required) {
    const ToolUse& use = used[static_cast<std::size_t>(source)];
    whole += weight(source);
    if (use.total > 0) called += weight(source);
    if (use.success > 0) made += weight(source);
  }
  return whole == 0 ? 0 : 0.5 * called / whole + 0.5 * made / whole;
}

}  // namespace llmi::reward
