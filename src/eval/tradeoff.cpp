#include "eval/tradeoff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "eval/report_css.h"
#include "eval/rules_reward.h"
#include "eval/tradeoff_plot.h"
#include "render/escape.h"

namespace llmi::eval {
namespace {

using render::escape_html;
using Json = nlohmann::ordered_json;

// The marks of the benchmarks, then what needs no judge.
constexpr std::array<std::string_view, 5> kQualities{"score", "overall", "holistic", "plan_quality", kRulesReward};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kCosts{
    {{"completion_tokens", "tokens written"}, {"latency_s", "seconds"}, {"cost", "cost"}}};

constexpr std::size_t kLeastWidth = 12;

const SummaryRow* measured(const ArmRows& arm, std::string_view name) {
  const SummaryRow* row = find_row(arm.rows, std::string(name));
  return row != nullptr && row->samples > 0 ? row : nullptr;
}

const ComparedRow* difference(const ArmRows& arm, const std::string& name) {
  const auto found = std::ranges::find(arm.against_first, name, &ComparedRow::name);
  return found == arm.against_first.end() || found->samples == 0 ? nullptr : &*found;
}

bool certain(const ComparedRow* row) { return row != nullptr && (row->difference.low > 0 || row->difference.high < 0); }

std::vector<std::string> measures_of(std::span<const ArmRows> arms) {
  std::vector<std::string> names;
  for (const ArmRows& arm : arms)
    for (const SummaryRow& row : arm.rows)
      if (std::ranges::find(names, row.name) == names.end()) names.push_back(row.name);
  return names;
}

std::string html_cell(const ArmRows& arm, const std::string& name) {
  const SummaryRow* row = measured(arm, name);
  if (row == nullptr) return "<td class=\"n\">–</td>";
  std::string cell =
      fmt::format("{:.3f}<br><small>{:.3f} … {:.3f}</small>", row->value, row->interval.low, row->interval.high);
  if (const ComparedRow* against = difference(arm, name))
    cell += fmt::format("<br><small>{:+.3f} [{:+.3f}, {:+.3f}]{}</small>", against->second - against->first,
                        against->difference.low, against->difference.high, certain(against) ? " *" : "");
  return "<td class=\"n\">" + cell + "</td>";
}

}  // namespace

std::vector<ArmRows> compare_arms(std::span<const Arm> arms, std::uint64_t seed) {
  std::vector<ArmRows> all;
  for (const Arm& arm : arms) {
    ArmRows rows{.name = arm.name, .rows = summarise(arm.samples, seed)};
    if (!all.empty()) rows.against_first = compare(arms.front().samples, arm.samples, seed);
    all.push_back(std::move(rows));
  }
  return all;
}

std::optional<std::string_view> quality_of(std::span<const ArmRows> arms) {
  for (const std::string_view name : kQualities)
    if (std::ranges::any_of(arms, [&](const ArmRows& arm) { return measured(arm, name) != nullptr; })) return name;
  return std::nullopt;
}

std::string tradeoff_json(std::span<const ArmRows> arms) {
  Json settings = Json::array();
  for (const ArmRows& arm : arms) {
    Json measures = Json::object();
    for (const SummaryRow& row : arm.rows) {
      Json& entry = measures[row.name] = {{"value", nullptr}, {"samples", row.samples}, {"missing", row.missing}};
      if (row.samples > 0) entry.update({{"value", row.value}, {"low", row.interval.low}, {"high", row.interval.high}});
      if (const ComparedRow* against = difference(arm, row.name))
        entry["against_first"] = {{"difference", against->second - against->first},
                                  {"low", against->difference.low},
                                  {"high", against->difference.high},
                                  {"samples", against->samples}};
    }
    settings.push_back({{"scale", arm.name}, {"measures", std::move(measures)}});
  }
  const auto quality = quality_of(arms);
  return Json({{"version", 1}, {"quality", quality ? Json(*quality) : Json()}, {"settings", std::move(settings)}})
             .dump(1) +
         "\n";
}

std::string tradeoff_table(std::span<const ArmRows> arms) {
  std::size_t width = kLeastWidth;
  for (const ArmRows& arm : arms) width = std::max(width, arm.name.size());
  std::string table = fmt::format("{:<24}", "scale");
  for (const ArmRows& arm : arms) table += fmt::format("  {:>{}}", arm.name, width);
  table += '\n';
  for (const std::string& name : measures_of(arms)) {
    table += fmt::format("{:<24}", name);
    for (const ArmRows& arm : arms) {
      const SummaryRow* row = measured(arm, name);
      const std::string cell =
          row == nullptr ? "–" : fmt::format("{:.3f}{}", row->value, certain(difference(arm, name)) ? " *" : "  ");
      table += fmt::format("  {:>{}}", cell, width);
    }
    table += '\n';
  }
  return table;
}

std::string tradeoff_html(std::span<const ArmRows> arms, std::string_view curve) {
  std::string body = "<h1>Scaling: quality against cost</h1>\n";
  if (!curve.empty())
    body += fmt::format("<figure><img src=\"{}\" alt=\"Quality against cost\"></figure>\n", escape_html(curve));
  body += "<table><thead><tr><th>measure</th>";
  for (const ArmRows& arm : arms) body += fmt::format("<th>{}</th>", escape_html(arm.name));
  body += "</tr></thead><tbody>\n";
  for (const std::string& name : measures_of(arms)) {
    body += fmt::format("<tr><td>{}</td>", escape_html(name));
    for (const ArmRows& arm : arms) body += html_cell(arm, name);
    body += "</tr>\n";
  }
  body += "</tbody></table>\n<p>Value, its 95 % interval and the difference from the first column, by pairs.</p>\n";
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Scaling</title>\n<style>\n{}"
      "</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      kReportCss, body);
}

std::optional<std::string> tradeoff_plot(std::span<const ArmRows> arms) {
  const auto quality = quality_of(arms);
  if (!quality) return std::nullopt;
  Json panels = Json::array();
  for (const auto& [cost, label] : kCosts) {
    Json points = Json::array();
    for (const ArmRows& arm : arms) {
      const SummaryRow* x = measured(arm, cost);
      const SummaryRow* y = measured(arm, *quality);
      if (x == nullptr || y == nullptr) continue;
      points.push_back({arm.name, x->value, y->value, y->interval.low, y->interval.high});
    }
    if (!points.empty()) panels.push_back({label, std::move(points)});
  }
  return fmt::format("quality = {}\npanels = {}\n{}", Json(*quality).dump(), panels.dump(), kTradeoffPlot);
}

}  // namespace llmi::eval
