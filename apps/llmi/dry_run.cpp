#include "dry_run.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "console.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct Costs {
  double text = 0;  ///< The model call that the dry run has made.
  double pictures = 0;
};

Json row_of(const document::FigureBlock& figure, const std::map<std::size_t, tools::Quote>& quotes) {
  Json row{{"index", figure.index}};
  if (figure.call) {
    row["source"] = tag::name(figure.call->source());
    row["description"] = figure.call->description;
    row["call"] = tag::print(*figure.call);
  }
  if (const auto quote = quotes.find(figure.index); quote != quotes.end()) {
    row["backend"] = quote->second.backend;
    if (quote->second.price > 0) row["price"] = quote->second.price;
  } else if (figure.fault() != nullptr) {
    row["fault"] = {{"stage", name(figure.fault()->stage)}, {"message", figure.fault()->message}};
  }
  return row;
}

void print_text(const Json& rows, const Costs& costs) {
  for (const Json& row : rows) {
    const bool faulty = row.contains("fault");
    const std::string what =
        faulty ? "fault: " + row["fault"]["message"].get<std::string>() : row["description"].get<std::string>();
    const std::string price = row.contains("price") ? fmt::format("  {:.6g}", row["price"].get<double>()) : "";
    print("{:>3}  {:<9}  {:<12}  {}{}\n", row["index"].get<std::size_t>(), row.value("source", "-"),
          row.value("backend", "-"), what, price);
  }
  print("{} figure{} planned; no tool was called\n", rows.size(), rows.size() == 1 ? "" : "s");
  if (costs.text + costs.pictures > 0)
    print("cost by the configured prices: {:.6g} for the pictures, {:.6g} for the text of this plan\n", costs.pictures,
          costs.text);
}

}  // namespace

void print_plan(const agent::Report& report, bool json) {
  std::map<std::size_t, tools::Quote> quotes;
  Costs costs{.text = report.document.usage.cost.value_or(0)};
  for (const agent::PlannedCall& planned : report.planned) {
    quotes[planned.index] = planned.quote;
    costs.pictures += planned.quote.price;
  }
  Json rows = Json::array();
  for (const auto& block : report.document.blocks) {
    if (const auto* figure = std::get_if<document::FigureBlock>(&block)) rows.push_back(row_of(*figure, quotes));
  }
  if (!json) return print_text(rows, costs);
  Json plan{{"type", "plan"}, {"figures", rows}};
  if (costs.text + costs.pictures > 0) plan["cost"] = {{"text", costs.text}, {"pictures", costs.pictures}};
  print("{}\n", plan.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace llmi::app
