#include "agent/guided/document_grammar.h"

#include <fmt/format.h>

#include <algorithm>

namespace llmi::agent {
namespace {

// Up to here each section has a heading and a full paragraph.
constexpr std::size_t kFullSections = 8;

/// A GBNF literal.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

/// Text inside a JSON string.
std::string json_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string tag_text(const PlannedFigure& figure, const std::string& params) {
  return fmt::format(R"(<imgen>{{"source": "{}", "description": "{}", "params": {}}}</imgen>)", tag::name(figure.source),
                     json_text(figure.description), params);
}

std::string python_list(const std::vector<GivenValue>& values, bool labels) {
  std::string list;
  for (const GivenValue& value : values)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", labels ? fmt::format("'{}'", value.label) : value.text);
  return list;
}

bool are_years(const std::vector<GivenValue>& values) {
  return std::ranges::all_of(values, [](const GivenValue& v) {
    return v.label.size() == 4 && v.label.find_first_not_of("0123456789") == std::string::npos;
  });
}

/// A small program that always runs; bars lie where labels are long, years make a line.
std::string given_chart(const PlannedFigure& figure) {
  const bool years = are_years(figure.values);
  const bool lying = !years && std::ranges::any_of(figure.values, [](const GivenValue& v) { return v.label.size() > 9; });
  const std::string amount = figure.unit.empty() ? "Value" : figure.unit;
  const std::string kind = years ? "Year" : "Category";
  std::string code = fmt::format("labels = [{}]\nvalues = [{}]\n", python_list(figure.values, true), python_list(figure.values, false));
  code += years ? "plt.plot(labels, values, marker='o')\nplt.ylim(bottom=0)\n" : lying ? "plt.barh(labels[::-1], values[::-1])\n" : "plt.bar(labels, values)\n";
  code += fmt::format("plt.title('{}')\nplt.xlabel('{}')\nplt.ylabel('{}')", figure.chart_title, lying ? amount : kind, lying ? kind : amount);
  return quoted(tag_text(figure, fmt::format(R"({{"code": "{}"}})", json_text(code))));
}

/// The same with labels and values of the model's: as many of the one as of the other.
std::string free_chart(const PlannedFigure& figure) {
  const std::string whole = tag_text(figure, R"({"code": "%"})");
  const std::size_t split = whole.find('%');
  const std::string end = fmt::format("]\nplt.barh(labels[::-1], values[::-1])\nplt.title('{}')\nplt.xlabel('Value')\nplt.ylabel('Category')", figure.chart_title);
  return fmt::format("{} chart-data {}", quoted(whole.substr(0, split)), quoted(json_text(end) + whole.substr(split + 1)));
}

std::string chart_data_rule() {
  std::string alternatives;
  for (int n = 3; n <= 6; ++n) {
    std::string labels = "label";
    std::string values = "number";
    for (int i = 1; i < n; ++i) {
      labels += " \", \" label";
      values += " \", \" number";
    }
    alternatives += fmt::format("{}\"labels = [\" {} \"]\\\\nvalues = [\" {}", alternatives.empty() ? "" : " | ", labels, values);
  }
  return "chart-data ::= " + alternatives + "\nlabel ::= \"'\" [A-Z] [a-z]{2,11} (\" \" [a-z]{2,10})? \"'\"\nnumber ::= [1-9] [0-9]{0,2}\n";
}

std::string figure_rule(const PlannedFigure& figure, std::size_t input_pictures) {
  switch (figure.source) {
    case tag::Source::kSearch: return quoted(tag_text(figure, fmt::format(R"({{"query": "{}"}})", json_text(figure.query))));
    case tag::Source::kCode: return figure.values.empty() ? free_chart(figure) : given_chart(figure);
    case tag::Source::kEdit:
      return quoted(tag_text(figure, fmt::format(R"({{"img_index": {}, "prompt": "{}"}})", input_pictures + figure.parent, json_text(figure.instruction))));
    case tag::Source::kDiffusion: return quoted(tag_text(figure, fmt::format(R"({{"prompt": "{}"}})", json_text(figure.description))));
  }
  return "";
}

std::string title_of(std::string topic) {
  if (!topic.empty() && topic[0] >= 'a' && topic[0] <= 'z') topic[0] = static_cast<char>(topic[0] - 32);
  return topic;
}

// Words are letters of any script, of bounded length: left unbounded, this size of model runs words into each other.
constexpr std::string_view kTextRules = R"gbnf(
low ::= [a-z\u00DF-\u00FF'-]
up ::= [A-Z\u00C0-\u00DE]
lower ::= low{1,15}
name ::= up low{1,14}
count ::= [1-9] [0-9]{0,3} "%"?
word ::= lower | name | count
sentence ::= (name | "A" | "I") (","? " " word){4,24} "."
subtitle ::= word (" " word){1,5}
heading ::= name (" " word){1,4}
long ::= sentence " " sentence (" " sentence)?
short ::= sentence
)gbnf";

}  // namespace

std::string document_grammar(const std::string& topic, const std::vector<PlannedFigure>& figures, std::size_t input_pictures) {
  const bool full = figures.size() <= kFullSections;
  std::string root = fmt::format("root ::= {} (\": \" subtitle)? \"\\n\\n\" long", quoted("# " + title_of(topic)));
  std::string rules;
  bool free_charts = false;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    root += full ? fmt::format(" \"\\n\\n## \" heading \"\\n\\n\" long \"\\n\\n\" figure-{}", i) : fmt::format(" \"\\n\\n\" short \"\\n\\n\" figure-{}", i);
    rules += fmt::format("figure-{} ::= {}\n", i, figure_rule(figures[i], input_pictures));
    free_charts = free_charts || (figures[i].source == tag::Source::kCode && figures[i].values.empty());
  }
  root += figures.empty() ? " \"\\n\\n\" long \"\\n\\n\" long \"\\n\"" : " \"\\n\\n\" long \"\\n\"";
  return root + "\n" + rules + (free_charts ? chart_data_rule() : "") + std::string(kTextRules);
}

std::size_t document_tokens(std::size_t figures) {
  return figures <= kFullSections ? 400 + figures * 320 : 400 + figures * 170;
}

}  // namespace llmi::agent
