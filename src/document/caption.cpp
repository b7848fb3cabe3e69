#include "document/caption.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace llmi::document {
namespace {

constexpr std::string_view kIllustrative = "The numbers are illustrative.";

/// On one line, without white space at its ends.
std::string one_line(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      result.push_back(c);
    } else if (!result.empty() && result.back() != ' ') {
      result.push_back(' ');
    }
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

/// One line with its first letter in upper case.
std::string sentence(std::string_view text) {
  std::string result = one_line(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') result[0] = static_cast<char>(result[0] - 32);
  return result;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

bool ends_a_sentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "…", "。", "！", "？"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

/// Adds " What: one, two." of the items, each once.
void append_list(std::string& text, std::string_view what, const std::vector<std::string>& items) {
  std::vector<std::string> said;
  for (const std::string& item : items) {
    std::string line = one_line(item);
    if (!line.empty() && std::ranges::find(said, line) == said.end()) said.push_back(std::move(line));
  }
  if (!said.empty()) text += fmt::format(" {}: {}.", what, fmt::join(said, ", "));
}

/// The titles that the text does not hold already: a description often is the plot's own title.
std::vector<std::string> news(const std::vector<std::string>& titles, const std::string& text) {
  std::vector<std::string> left;
  for (const std::string& title : titles) {
    if (!lower_case(text).contains(lower_case(one_line(title)))) left.push_back(title);
  }
  return left;
}

std::string description_of(const FigureBlock& figure) { return figure.call ? sentence(figure.call->description) : ""; }

/// Something to call a figure without a description.
std::string name_of(const FigureBlock& figure, const ReadyFigure& ready) {
  if (ready.drawn && !ready.drawn->titles.empty()) return sentence(ready.drawn->titles.front());
  if (!ready.provenance.title.empty()) return sentence(ready.provenance.title);
  if (!ready.provenance.query.empty()) return sentence(ready.provenance.query);
  return figure.call ? fmt::format("Picture made by {}", tag::name(figure.call->source())) : "Picture";
}

}  // namespace

std::string caption_of(const FigureBlock& figure) {
  std::string caption = description_of(figure);
  const ReadyFigure* ready = figure.ready();
  if (ready == nullptr) return caption;
  if (caption.empty()) caption = name_of(figure, *ready);
  if (ready->provenance.data == "model") {
    if (!ends_a_sentence(caption)) caption += '.';
    caption += fmt::format(" {}", kIllustrative);
  }
  return caption;
}

std::string alt_of(const FigureBlock& figure) {
  std::string alt = description_of(figure);
  const ReadyFigure* ready = figure.ready();
  if (ready == nullptr) return alt;
  if (alt.empty()) alt = name_of(figure, *ready);
  if (!ready->drawn) return alt;
  if (!ends_a_sentence(alt)) alt += '.';
  append_list(alt, "Chart", news(ready->drawn->titles, alt));
  append_list(alt, "Axes", ready->drawn->axis_labels);
  append_list(alt, "Series", ready->drawn->series);
  return alt;
}

}  // namespace llmi::document
