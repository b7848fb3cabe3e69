#include "scaling/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace llmi::scaling {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json to_object(const Spent& spent, std::chrono::milliseconds time) {
  Json object{{"model_calls", spent.usage.model_calls},
              {"prompt_tokens", spent.usage.prompt_tokens},
              {"cached_prompt_tokens", spent.cached_prompt_tokens},
              {"completion_tokens", spent.usage.completion_tokens},
              {"tool_calls", spent.usage.tool_calls},
              {"cached_tool_calls", spent.usage.cached_tool_calls},
              {"time_ms", time.count()}};
  if (spent.usage.cost) object["cost"] = *spent.usage.cost;
  return object;
}

Json to_object(const StepReport& step) {
  Json object{{"stage", name(step.step)}, {"before", number(step.before)}, {"after", number(step.after)}};
  object["gain"] = step.before && step.after ? Json(*step.after - *step.before) : Json(nullptr);
  object.update(to_object(step.spent, step.time));
  object["note"] = step.note;
  return object;
}

Json to_object(const CandidateReport& candidate) {
  return {{"seed", candidate.seed},
          {"status", candidate.chosen    ? "chosen"
                     : candidate.dropped ? "dropped"
                                         : "kept"},
          {"pictures", candidate.pictures},
          {"score", number(candidate.score)},
          {"reason", candidate.reason}};
}

std::string text_of(const std::optional<double>& value) { return value ? fmt::format("{:.3f}", *value) : "-"; }

std::string row(std::string_view label, const StepReport& step) {
  const std::string gain = step.before && step.after ? fmt::format("{:+.3f}", *step.after - *step.before) : "-";
  const std::string cost = step.spent.usage.cost ? fmt::format("{:.6g}", *step.spent.usage.cost) : "-";
  std::string text = fmt::format("{:<11}{:>7}{:>8}{:>7}{:>8}{:>7}{:>9.1f}{:>9}", label, text_of(step.after), gain,
                                 step.spent.usage.model_calls, step.spent.usage.completion_tokens,
                                 step.spent.usage.tool_calls, static_cast<double>(step.time.count()) / 1000, cost);
  return text + (step.note.empty() ? "" : "  " + step.note) + "\n";
}

}  // namespace

std::string_view name(Step step) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"candidates", "validate", "select", "make", "enhance", "polish"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string to_json(const ScaleReport& report) {
  Json candidates = Json::array();
  for (const CandidateReport& candidate : report.candidates) candidates.push_back(to_object(candidate));
  Json steps = Json::array();
  for (const StepReport& step : report.steps) steps.push_back(to_object(step));
  const Json object{{"type", "scale"},
                    {"version", 1},
                    {"selector", report.selector},
                    {"score", number(report.score)},
                    {"candidates", candidates},
                    {"stages", steps},
                    {"total", to_object(report.total, report.time)}};
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_table(const ScaleReport& report) {
  std::string table = fmt::format("{:<11}{:>7}{:>8}{:>7}{:>8}{:>7}{:>9}{:>9}\n", "stage", "score", "gain", "calls",
                                  "tokens", "tools", "seconds", "cost");
  for (const StepReport& step : report.steps) table += row(name(step.step), step);
  return table + row("total", {.after = report.score,
                               .spent = report.total,
                               .time = report.time,
                               .note = "selector: " + report.selector});
}

}  // namespace llmi::scaling
