#include "eval/measure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "eval/structure.h"
#include "reward/rules.h"
#include "scaling/reading.h"
#include "tag/parser.h"

namespace llmi::eval {
namespace {

struct ToolCounts {
  std::size_t calls = 0;  ///< Valid ones.
  std::size_t pictures = 0;
};

struct Counts {
  std::size_t tags = 0;
  std::size_t valid = 0;
  std::size_t exact = 0;  ///< Valid without a recovery.
  std::size_t pictures = 0;
  std::array<ToolCounts, data::kTools.size()> tools;
};

/// Tools by the order of data::kTools, which is that of tag::Source.
std::size_t place(tag::Source source) { return static_cast<std::size_t>(source); }

Counts count(const document::Document& document, bool planned) {
  Counts counts;
  for (const tag::Item& item : tag::parse(document.answer, document.inputs.size())) {
    if (std::holds_alternative<tag::TextItem>(item)) continue;
    ++counts.tags;
    const auto* valid = std::get_if<tag::TagItem>(&item);
    if (valid == nullptr) continue;
    ++counts.valid;
    if (valid->recovered.empty()) ++counts.exact;
    ++counts.tools[place(valid->tag.source())].calls;
  }
  for (const document::Block& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure == nullptr || !figure->call || (!planned && figure->ready() == nullptr)) continue;
    ++counts.pictures;
    ++counts.tools[place(figure->call->source())].pictures;
  }
  return counts;
}

class Measures {
 public:
  void add(std::string name, double value) { all_.push_back({.name = std::move(name), .sum = value}); }
  /// Nothing where there is nothing to take the part of.
  void add_rate(std::string name, std::size_t part, std::size_t whole) {
    if (whole == 0) return;
    all_.push_back({.name = std::move(name), .sum = static_cast<double>(part), .weight = static_cast<double>(whole)});
  }
  [[nodiscard]] std::vector<Measure> take() { return std::move(all_); }

 private:
  std::vector<Measure> all_;
};

void add_tags(Measures& measures, const Counts& counts, bool planned) {
  measures.add_rate("tag_validity", counts.valid, counts.tags);
  measures.add_rate("tag_exactness", counts.exact, counts.tags);
  if (planned) return;
  measures.add_rate("tool_accuracy", counts.pictures, counts.tags);
  for (std::size_t i = 0; i < data::kTools.size(); ++i)
    measures.add_rate("execution_" + std::string(data::kTools[i]),
                      std::min(counts.tools[i].pictures, counts.tools[i].calls), counts.tools[i].calls);
}

void add_counts(Measures& measures, int wanted, std::size_t pictures) {
  const auto count = static_cast<double>(pictures);
  measures.add("pictures", count);
  if (wanted == data::kAnyPictures) return;
  const double least = wanted == data::kSomePictures ? 1 : std::max(wanted, 0);
  const double missing = std::max(least - count, 0.0);
  const double extra = wanted == data::kSomePictures ? 0 : std::max(count - least, 0.0);
  measures.add("count_match", missing == 0 && extra == 0 ? 1 : 0);
  measures.add("count_rule", reward::count_rule(wanted, pictures, reward::Split::kTrain));
  measures.add("missing_pictures", missing);
  measures.add("extra_pictures", extra);
}

double tool_rule(const data::ToolSet& required, const Counts& counts) {
  std::vector<tag::Source> sources;
  reward::ToolUses uses;
  for (std::size_t i = 0; i < data::kTools.size(); ++i) {
    if (required[i]) sources.push_back(static_cast<tag::Source>(i));
    uses[i] = {.total = counts.tools[i].calls, .success = counts.tools[i].pictures};
  }
  return reward::tool_rule(sources, uses);
}

void add_tools(Measures& measures, const data::ToolSet& required, const Counts& counts, bool planned) {
  std::size_t chosen = 0;
  std::size_t right = 0;
  std::size_t pictures_of_right = 0;
  for (std::size_t i = 0; i < data::kTools.size(); ++i) {
    if (!required[i]) continue;
    chosen += counts.tools[i].calls > 0 ? 1 : 0;
    right += counts.tools[i].pictures > 0 ? 1 : 0;
    pictures_of_right += counts.tools[i].pictures;
  }
  measures.add_rate("tool_choice", chosen, required.count());
  if (!planned && required.any()) measures.add("tool_rule", tool_rule(required, counts));
  if (!planned) measures.add_rate("right_tool", right, required.count());
  if (required.any()) measures.add_rate("right_tool_pictures", pictures_of_right, counts.pictures);
}

void add_structure(Measures& measures, const std::string& wanted, const document::Document& document) {
  const std::string written = structure_of(document);
  measures.add("structure_strict", written == wanted ? 1 : 0);
  measures.add("structure_lenient", structure_likeness(written, wanted));
}

void add_reading(Measures& measures, const Item& item, const document::Document& document) {
  const scaling::Reading reading = scaling::read_document(document, item.prompt);
  measures.add("topic", reading.topic);
  measures.add("variety", reading.variety);
  measures.add("shape", reading.shape);
  measures.add("substance", reading.substance);
  measures.add("fit", reading.fit);
}

void add_costs(Measures& measures, const document::Document& document) {
  const auto seconds = [](std::chrono::milliseconds span) { return std::chrono::duration<double>(span).count(); };
  if (const auto total = document.timings.find("total"); total != document.timings.end())
    measures.add("latency_s", seconds(total->second));
  if (const auto first = document.timings.find("first_figure"); first != document.timings.end())
    measures.add("first_picture_s", seconds(first->second));
  measures.add("completion_tokens", static_cast<double>(document.usage.completion_tokens));
  measures.add("tool_calls", static_cast<double>(document.usage.tool_calls));
  if (document.usage.cost) measures.add("cost", *document.usage.cost);
}

}  // namespace

std::vector<Measure> measure(const Item& item, const document::Document& document, bool planned) {
  const Counts counts = count(document, planned);
  Measures measures;
  measures.add("complete", document.complete ? 1 : 0);
  add_tags(measures, counts, planned);
  add_counts(measures, item.image_num, counts.pictures);
  if (item.tools) add_tools(measures, *item.tools, counts, planned);
  if (!item.structure.empty() && !planned) add_structure(measures, item.structure, document);
  add_reading(measures, item, document);
  add_costs(measures, document);
  return measures.take();
}

}  // namespace llmi::eval
