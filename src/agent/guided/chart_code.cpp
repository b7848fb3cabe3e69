#include "agent/guided/chart_code.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/guided/english.h"

namespace llmi::agent {
namespace {

// Longer labels would run into each other below standing bars.
constexpr std::size_t kShortLabel = 9;
constexpr std::size_t kMostStanding = 8;

/// A Python string; quotes become typographic ones.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '"') {
      out += "’";
    } else if (c == '\\') {
      out.push_back('/');
    } else {
      out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    }
  }
  return out + "'";
}

std::string label_list(const std::vector<std::string>& labels) {
  std::string list;
  for (const std::string& label : labels) list += (list.empty() ? "" : ", ") + quoted(label);
  return list;
}

bool are_years(const std::vector<GivenValue>& values) {
  return std::ranges::all_of(values, [](const GivenValue& value) {
    return value.label.size() == 4 && value.label.find_first_not_of("0123456789") == std::string::npos;
  });
}

bool long_labels(const std::vector<std::string>& labels) {
  return labels.size() > kMostStanding ||
         std::ranges::any_of(labels, [](const std::string& label) { return label.size() > kShortLabel; });
}

std::string axes(const std::string& title, const std::string& x, const std::string& y) {
  return fmt::format("plt.title({})\nplt.xlabel({})\nplt.ylabel({})", quoted(title), quoted(x), quoted(y));
}

std::string bars(const std::string& title, const std::vector<std::string>& labels, const std::string& amount) {
  if (long_labels(labels))
    return "bars = plt.barh(labels[::-1], values[::-1])\nplt.bar_label(bars, padding=3)\n" +
           axes(title, amount, "Category");
  return "bars = plt.bar(labels, values)\nplt.bar_label(bars, padding=3)\n" + axes(title, "Category", amount);
}

}  // namespace

std::string chart_code(const Chart& chart) {
  std::vector<std::string> labels;
  std::string values;
  for (const GivenValue& value : chart.values) {
    labels.push_back(capitalised(value.label));
    values += (values.empty() ? "" : ", ") + value.number;
  }
  const std::string amount = chart.unit.empty() ? "Value" : capitalised(chart.unit);
  const std::string data = fmt::format("labels = [{}]\nvalues = [{}]\n", label_list(labels), values);
  if (chart.kind == ChartKind::kPie && values.find('-') == std::string::npos)
    return data + fmt::format("plt.pie(values, labels=labels, autopct='%1.0f%%')\nplt.title({})", quoted(chart.title));
  const bool years = are_years(chart.values);
  if (chart.kind == ChartKind::kLine || (chart.kind != ChartKind::kBar && years))
    return data + "plt.plot(labels, values, marker='o')\n" + axes(chart.title, years ? "Year" : "Category", amount);
  return data + bars(chart.title, labels, amount);
}

OpenChart open_chart_code(const std::string& title, const std::vector<std::string>& labels) {
  return {fmt::format("labels = [{}]\nvalues = [", label_list(labels)), "]\n" + bars(title, labels, "Value")};
}

std::string tree_code(const std::string& title, const std::string& root, const std::vector<std::string>& leaves) {
  return fmt::format(
      "root = {}\nleaves = [{}]\nfig, ax = plt.subplots(figsize=(8, 0.9 + 0.62 * len(leaves)))\nax.axis('off')\n"
      "box = dict(boxstyle='round,pad=0.5', facecolor='#eef3fa', edgecolor='#2a6ebb')\n"
      "for i, leaf in enumerate(leaves):\n"
      "    y = 1 - (i + 0.5) / len(leaves)\n"
      "    ax.annotate('', xy=(0.58, y), xytext=(0.3, 0.5), arrowprops=dict(arrowstyle='-', color='#9aa7b5'))\n"
      "    ax.text(0.6, y, leaf, ha='left', va='center', fontsize=13, bbox=box)\n"
      "ax.text(0.3, 0.5, root, ha='right', va='center', fontsize=15, fontweight='bold', bbox=box)\n"
      "plt.title({})",
      quoted(capitalised(root)), label_list(leaves), quoted(title));
}

}  // namespace llmi::agent
