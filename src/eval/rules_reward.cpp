#include "eval/rules_reward.h"

#include <memory>

#include "reward/facts.h"
#include "reward/picture_intake.h"
#include "reward/strict.h"
#include "store/run_record.h"

namespace llmi::eval {
namespace {

Result<reward::Sample> sample_of(const Item& item, const Answer& answer) {
  const document::Document& document = answer.document;
  reward::Sample sample{.prompt = item.prompt,
                        .answer = document.answer,
                        .image_num = item.image_num,
                        .modality = item.images.empty() ? reward::Modality::kText : reward::Modality::kMultimodal,
                        .inputs = std::vector<std::shared_ptr<const image::Picture>>(document.inputs.size())};
  if (item.tools) {
    for (std::size_t i = 0; i < data::kTools.size(); ++i)
      if ((*item.tools)[i]) sample.tools.push_back(static_cast<tag::Source>(i));
  }
  sample.pictures.emplace();
  for (const document::Block& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure == nullptr || figure->ready() == nullptr) continue;
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, *figure->ready()));
    sample.pictures->push_back({.index = figure->index,
                                .picture = std::make_shared<const image::Picture>(std::move(picture)),
                                .sha256 = figure->ready()->sha256});
  }
  return sample;
}

}  // namespace

Result<double> rules_reward(const RunContext& context, const Item& item, const Answer& answer) {
  LLMI_TRY(const reward::Sample sample, sample_of(item, answer));
  reward::PictureIntake intake;
  LLMI_TRY(const reward::Facts facts, reward::facts_of(context, intake, sample));
  const auto needs = reward::profits_from_pictures(facts, std::nullopt);
  return reward::strict_reward(reward::strict_components(facts, needs, {}), true);
}

}  // namespace llmi::eval
