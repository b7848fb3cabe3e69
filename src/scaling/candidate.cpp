#include "scaling/candidate.h"

#include <fmt/format.h>

#include <algorithm>

namespace llmi::scaling {
namespace {

bool has_text(const document::Document& document) {
  return std::ranges::any_of(document.blocks, [](const document::Block& block) {
    const auto* text = std::get_if<document::TextBlock>(&block);
    return text != nullptr && text->markdown.find_first_not_of(" \t\r\n") != std::string::npos;
  });
}

bool is_planned(const Version& plan, std::size_t index) {
  return std::ranges::find(plan.planned, index, &agent::PlannedCall::index) != plan.planned.end();
}

bool fits(const agent::FigureCount& wanted, std::size_t pictures) {
  switch (wanted.kind) {
    case agent::FigureCount::Kind::kNone:
      return pictures == 0;
    case agent::FigureCount::Kind::kSome:
      return pictures > 0;
    case agent::FigureCount::Kind::kExactly:
      return pictures == wanted.exactly;
    case agent::FigureCount::Kind::kAny:
      break;
  }
  return true;
}

}  // namespace

std::optional<std::string> objection(const agent::Task& task, const Version& plan) {
  if (plan.error) return plan.error->message;
  if (!plan.document.complete) return plan.document.reason;
  if (!has_text(plan.document)) return "it has no text";
  for (const document::FigureBlock* figure : plan.figures()) {
    if (is_planned(plan, figure->index)) continue;
    return fmt::format("figure {}: {}", figure->index,
                       figure->fault() != nullptr ? figure->fault()->message : "no call");
  }
  if (!fits(task.figures, plan.pictures()))
    return fmt::format("{} pictures, where the task asks for {}", plan.pictures(), agent::to_string(task.figures));
  return std::nullopt;
}

}  // namespace llmi::scaling
