#include "render/credits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "render/escape.h"

namespace llmi::render {
namespace {

using document::Provenance;

std::string linked(const std::string& text, const std::string& url) {
  const std::string link = safe_link(url);
  if (link.empty()) return escape_html(text);
  return fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", link, escape_html(text));
}

/// How a picture was made, in words.
std::string making(const Provenance& provenance) {
  if (provenance.tool == "search") return "found by image search";
  if (provenance.tool == "code")
    return provenance.data == "given" ? "drawn by code from the numbers given"
                                      : "drawn by code; the numbers are illustrative";
  if (provenance.tool == "edit") return "edited";
  return fmt::format("made by {}", provenance.tool);
}

/// Whether the character at the beginning of `text` is punctuation beyond ASCII (U+0080 … U+00BF, U+2000 … U+206F).
bool starts_with_punctuation(std::string_view text) {
  return text.starts_with('\xC2') || text.starts_with("\xE2\x80") || text.starts_with("\xE2\x81");
}

/// The words of a text in lower case, without punctuation.
std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const unsigned char byte = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    const bool mark = byte >= 0x80 && starts_with_punctuation(text.substr(i));
    if (!mark && (byte >= 0x80 || std::isalnum(byte) != 0)) {
      word.push_back(static_cast<char>(std::tolower(byte)));
      continue;
    }
    if (mark) i += byte == 0xC2 ? 1 : 2;
    if (!word.empty()) words.insert(std::exchange(word, {}));
  }
  return words;
}

/// The attribution that a source asks for, unless the credit line says all of it.
std::string further_attribution(const Provenance& provenance) {
  const auto said = words_of(
      fmt::format("by {} {} {} {}", provenance.title, provenance.creator, provenance.licence, provenance.page_url));
  if (std::ranges::includes(said, words_of(provenance.attribution))) return "";
  return escape_html(provenance.attribution);
}

struct Entry {
  std::string owed;  ///< Empty: to nobody.
  std::vector<std::string> figures;
  std::vector<std::string> makings;
};

std::string owed(const Provenance& provenance) {
  std::string line = credit_line(provenance);
  const std::string further = further_attribution(provenance);
  return further.empty() ? line : line + (line.empty() ? "" : ". ") + further;
}

void add(std::vector<Entry>& entries, const document::ReadyFigure& figure) {
  const std::string line = owed(figure.provenance);
  const std::string how = making(figure.provenance);
  auto entry = std::ranges::find_if(entries, [&](const Entry& other) {
    return other.owed == line && (!line.empty() || other.makings.front() == how);
  });
  if (entry == entries.end()) entry = entries.insert(entries.end(), Entry{.owed = line});
  entry->figures.push_back(fmt::format("<a href=\"#figure-{0}\">Figure {0}</a>", figure.number));
  if (std::ranges::find(entry->makings, how) == entry->makings.end()) entry->makings.push_back(how);
}

}  // namespace

std::string credit_line(const Provenance& provenance) {
  std::vector<std::string> parts;
  if (!provenance.title.empty() || !provenance.page_url.empty())
    parts.push_back(linked(provenance.title.empty() ? "source" : provenance.title, provenance.page_url));
  if (!provenance.creator.empty()) parts.push_back("by " + escape_html(provenance.creator));
  if (!provenance.licence.empty()) parts.push_back(linked(provenance.licence, provenance.licence_url));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string credits_section(const document::Document& document) {
  std::vector<Entry> entries;
  for (const auto& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure != nullptr && figure->ready() != nullptr) add(entries, *figure->ready());
  }
  std::string items;
  for (const Entry& entry : entries) {
    items += fmt::format("<li>{}: {}{}{}</li>\n", fmt::join(entry.figures, ", "), entry.owed,
                         entry.owed.empty() ? "" : "; ", fmt::join(entry.makings, ", "));
  }
  return items.empty() ? "" : fmt::format("<h2>Pictures and credits</h2>\n<ul>\n{}</ul>\n", items);
}

}  // namespace llmi::render
