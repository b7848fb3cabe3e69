#include "document/caption.h"

#include <fmt/format.h>

#include <string_view>

namespace llmi::document {
namespace {

constexpr std::string_view kIllustrative = "The numbers are illustrative.";

/// One line, without white space at its ends, the first letter in upper case.
std::string sentence(std::string_view text) {
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
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') result[0] = static_cast<char>(result[0] - 32);
  return result;
}

bool ends_a_sentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "…", "。", "！", "？"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

void append_list(std::string& text, std::string_view what, const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) {
    if (!item.empty()) list += (list.empty() ? "" : ", ") + sentence(item);
  }
  if (!list.empty()) text += fmt::format(" {}: {}.", what, list);
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
    if (!ends_a_sentence(caption)) caption += ".";
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
  if (!ends_a_sentence(alt)) alt += ".";
  append_list(alt, "Chart", ready->drawn->titles);
  append_list(alt, "Axes", ready->drawn->axis_labels);
  append_list(alt, "Series", ready->drawn->series);
  return alt;
}

}  // namespace llmi::document
