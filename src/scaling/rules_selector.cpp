#include "scaling/rules_selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "scaling/reading.h"

namespace llmi::scaling {
namespace {

constexpr double kRulesWeight = 0.7;

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

double count_rule(const agent::FigureCount& wanted, std::size_t pictures) {
  switch (wanted.kind) {
    case agent::FigureCount::Kind::kNone:
      return pictures == 0 ? 1 : 0;
    case agent::FigureCount::Kind::kSome:
      return pictures > 0 ? 1 : 0;
    case agent::FigureCount::Kind::kExactly:
      if (pictures <= wanted.exactly) return share(pictures, wanted.exactly);
      return std::max(0.0, 1 - 0.3 * static_cast<double>(pictures - wanted.exactly));
    case agent::FigureCount::Kind::kAny:
      break;
  }
  return 1;
}

/// Equal calls of tools that take no seed will bring equal pictures.
std::string expected_picture(const document::FigureBlock& figure) {
  const tag::Source source = figure.call->source();
  const bool fixed = source == tag::Source::kSearch || source == tag::Source::kCode;
  return fixed ? tag::print({.params = figure.call->params}) : std::to_string(figure.index);
}

/// Pictures that are there, each once; of a plan, that are to be expected.
std::size_t distinct(const Version& version) {
  std::set<std::string> different;
  for (const document::FigureBlock* figure : version.figures()) {
    if (version.made && figure->ready() != nullptr) different.insert(figure->ready()->sha256);
    if (!version.made && figure->call) different.insert(expected_picture(*figure));
  }
  return different.size();
}

}  // namespace

Judgement RulesSelector::judge(const RunContext& /*context*/, const agent::Task& task, const Version& version) {
  const std::size_t pictures = version.pictures();
  const std::size_t different = std::min(pictures, distinct(version));
  const double count = count_rule(task.figures, pictures);
  const double made = share(pictures, version.figures().size());
  const double variety = share(different, pictures);
  const double rules = (count + made + variety) / 3;
  const Reading reading = read_document(version.document, task.prompt.value_or(""));
  return {.score = kRulesWeight * rules + (1 - kRulesWeight) * reading.mean(),
          .reason = fmt::format("count {:.2f}, made {:.2f}, different {:.2f}; topic {:.2f}, variety {:.2f}, shape "
                                "{:.2f}, substance {:.2f}, fit {:.2f}",
                                count, made, variety, reading.topic, reading.variety, reading.shape, reading.substance,
                                reading.fit)};
}

}  // namespace llmi::scaling
