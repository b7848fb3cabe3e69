#include <fmt/format.h>

#include "render/escape.h"
#include "render/render.h"

namespace llmi::render {
namespace {

using document::FigureBlock;

/// Text on one line in which Markdown sees nothing but text.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out.push_back(' ');
      continue;
    }
    if (std::string_view("\\`*_[]<>#|&~$").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string linked(const std::string& text, const std::string& url) {
  if (text.empty() || safe_link(url).empty() || url.find_first_of("<>\\\n\r") != std::string::npos) return plain(text);
  return fmt::format("[{}](<{}>)", plain(text), url);
}

std::string credit(const document::Provenance& provenance) {
  std::string line;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
  };
  const bool named = !provenance.title.empty();
  if (named || !provenance.page_url.empty()) add(linked(named ? provenance.title : "source", provenance.page_url));
  add(plain(provenance.creator));
  add(linked(provenance.licence, provenance.licence_url));
  return line.empty() ? "" : fmt::format(" ({})", line);
}

std::string figure_markdown(const FigureBlock& figure) {
  if (const Fault* fault = figure.fault())
    return fmt::format("> **This figure could not be made ({}).** {}\n", name(fault->stage), plain(fault->message));
  const auto& ready = *figure.ready();
  return fmt::format("![{}]({})\n\n*Figure {}. {}{}*\n", plain(figure.alt), ready.file, ready.number,
                     plain(figure.caption), credit(ready.provenance));
}

/// Exactly one empty line between blocks, whatever white space the model left around them.
void append_block(std::string& out, std::string_view block) {
  while (block.starts_with('\n')) block.remove_prefix(1);
  while (block.ends_with('\n')) block.remove_suffix(1);
  if (block.empty()) return;
  if (!out.empty()) out += '\n';
  out += block;
  out += '\n';
}

}  // namespace

std::string to_markdown(const document::Document& document) {
  std::string out;
  if (!document.complete) append_block(out, fmt::format("> This document is incomplete: {}.", plain(document.reason)));
  for (const auto& block : document.blocks) {
    const auto* text = std::get_if<document::TextBlock>(&block);
    append_block(out, text != nullptr ? text->markdown : figure_markdown(std::get<FigureBlock>(block)));
  }
  return out;
}

}  // namespace llmi::render
