// Whatever order tools end in, the document is the same but for its timings, and no edit starts before its parent.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <thread>

#include "agent/session.h"
#include "scenarios/stage.h"

namespace llmi::scenario {
namespace {

struct Figure {
  std::optional<std::size_t> parent;
  bool fails = false;
};

std::vector<Figure> draw_figures() {
  const std::size_t count = *rc::gen::inRange<std::size_t>(1, 12);
  std::vector<Figure> figures(count);
  for (std::size_t i = 0; i < count; ++i) {
    figures[i].fails = *rc::gen::weightedElement<bool>({{5, false}, {1, true}});
    if (i > 0 && *rc::gen::arbitrary<bool>()) figures[i].parent = *rc::gen::inRange<std::size_t>(0, i);
  }
  return figures;
}

std::string call_of(const Figure& figure, std::size_t index) {
  const std::string name = fmt::format("f{}", index);
  if (figure.parent) return tag::print({name, tag::EditParams{*figure.parent, "grey"}});
  return tag::print({name, tag::SearchParams{name}});
}

/// Everything of a document that may not depend on time.
std::string essence(const document::Document& document) {
  std::string text;
  for (const document::Block& block : document.blocks) {
    if (const auto* words = std::get_if<document::TextBlock>(&block)) {
      text += words->markdown + "\n";
      continue;
    }
    const auto& figure = std::get<document::FigureBlock>(block);
    text +=
        fmt::format("{} {}\n", figure.index,
                    figure.ready() != nullptr
                        ? fmt::format("{} {} {}", figure.ready()->number, figure.ready()->file, figure.ready()->sha256)
                        : fmt::format("{} {}", name(figure.fault()->stage), figure.fault()->message));
  }
  return text;
}

/// Plays the figures with results let through in this order.
std::string play(const std::vector<Figure>& figures, const std::vector<std::size_t>& order) {
  Gate gate;
  CuedModel model;
  GatedTool search(tag::Source::kSearch, gate, 3, false);
  GatedTool edit(tag::Source::kEdit, gate, 2, false);
  for (std::size_t i = 0; i < figures.size(); ++i)
    model.answer.send({Cue::Kind::kText, fmt::format("Text {}.\n\n{}\n\n", i, call_of(figures[i], i))});
  model.answer.send({Cue::Kind::kEnd, {}});
  agent::Task task;
  task.prompt = "Foxes";
  task.limits.max_repairs = 0;
  const agent::Services services{.model = &model, .tools = {&search, &edit}, .cache = nullptr};
  std::jthread opener([&] {
    for (const std::size_t i : order)
      gate.open(fmt::format("f{}", i),
                figures[i].fails ? failed(Stage::kTool, "as told") : made(fmt::format("f{}", i)));
  });
  std::set<std::size_t> ready;
  const auto report = agent::write({.seed = 1}, services, task, [&](const document::Event& event) {
    if (const auto* done = std::get_if<document::FigureReady>(&event.body)) ready.insert(done->index);
    if (const auto* started = std::get_if<document::FigureStarted>(&event.body)) {
      const auto& parent = figures[started->index].parent;
      RC_ASSERT(!parent || ready.contains(*parent));
    }
  });
  RC_ASSERT(report.has_value());
  return essence(report->document);
}

RC_GTEST_PROP(CompletionOrderTest, DoesNotChangeTheDocument, ()) {
  const auto figures = draw_figures();
  std::vector<std::size_t> order(figures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::string first = play(figures, order);
  const auto other = *rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [order](std::uint32_t seed) {
    auto shuffled = order;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
    return shuffled;
  });
  RC_ASSERT(play(figures, other) == first);
}

}  // namespace
}  // namespace llmi::scenario
