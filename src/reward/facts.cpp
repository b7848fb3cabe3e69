#include "reward/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/utf8.h"
#include "reward/judge_address.h"
#include "reward/likeness.h"
#include "tag/parser.h"

namespace llmi::reward {
namespace {

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string_view words_of(const tag::Tag& tag) {
  switch (tag.source()) {
    case tag::Source::kSearch:
      return std::get<tag::SearchParams>(tag.params).query;
    case tag::Source::kDiffusion:
      return std::get<tag::DiffusionParams>(tag.params).prompt;
    case tag::Source::kCode:
      return std::get<tag::CodeParams>(tag.params).code;
    case tag::Source::kEdit:
      return std::get<tag::EditParams>(tag.params).prompt;
  }
  return {};
}

/// Reads one item after the other.
class Reader {
 public:
  Reader(const Sample& sample, Facts& facts) : facts_(facts) {
    for (const SamplePicture& picture : *sample.pictures) pictures_.emplace(picture.index, &picture);
  }

  void read(const tag::TextItem& text) {
    if (!blank(text.text)) facts_.no_text = false;
    facts_.characters += count_code_points(text.text);
    facts_.addresses_judge = facts_.addresses_judge || addresses_judge(text.text);
  }
  void read(const tag::TagItem& item) {
    const bool made = take(item.index);
    ++facts_.valid;
    ToolUse& use = facts_.used[static_cast<std::size_t>(item.tag.source())];
    ++use.total;
    if (made) ++use.success;
    facts_.addresses_judge =
        facts_.addresses_judge || addresses_judge(item.tag.description) || addresses_judge(words_of(item.tag));
  }
  /// A tag that cannot be read calls no tool, whatever came of it.
  void read(const tag::FaultItem& item) { take(item.index); }

  /// A picture that no tag called for.
  [[nodiscard]] std::optional<std::size_t> stray() const {
    return pictures_.empty() ? std::nullopt : std::optional(pictures_.begin()->first);
  }

 private:
  /// Counts the tag; whether its picture came out.
  bool take(std::size_t index) {
    ++facts_.tags;
    const auto found = pictures_.find(index);
    const bool made = found != pictures_.end() && found->second->picture != nullptr;
    if (made) ++facts_.ready;
    if (found != pictures_.end()) pictures_.erase(found);
    return made;
  }

  Facts& facts_;
  std::map<std::size_t, const SamplePicture*> pictures_;
};

}  // namespace

Result<Facts> facts_of(const RunContext& context, PictureIntake& intake, const Sample& sample) {
  Facts facts{.image_num = sample.image_num,
              .split = sample.split,
              .modality = sample.modality,
              .needs_pictures = sample.needs_pictures,
              .no_text = true,
              .required = sample.tools};
  Reader reader(sample, facts);
  for (const tag::Item& item : tag::parse(sample.answer, sample.inputs.size()))
    std::visit([&](const auto& part) { reader.read(part); }, item);
  if (const auto stray = reader.stray())
    return invalid_argument(
        fmt::format("pictures: index {} is no tag of the answer (indices count the {} input "
                    "pictures first, then the tags)",
                    *stray, sample.inputs.size()));
  LLMI_TRY(facts.distinct, count_distinct(context, intake, *sample.pictures));
  return facts;
}

}  // namespace llmi::reward
