#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/base64.h"
#include "base/utf8.h"
#include "render/credits.h"
#include "render/escape.h"
#include "render/markdown_html.h"
#include "render/math.h"
#include "render/page_css.h"
#include "render/render.h"

namespace llmi::render {
namespace {

using document::FigureBlock;
using document::ReadyFigure;

// Each formula costs a process: beyond these a page shows the TeX, so that no answer keeps the machine busy for
// minutes.
constexpr std::size_t kMostFormulas = 500;

/// The formulas of a page, each drawn once.
class Formulas {
 public:
  const std::string& mathml(const MathSpot& spot) {
    const auto [found, fresh] = known_.try_emplace({spot.tex, spot.display});
    if (fresh)
      found->second =
          known_.size() > kMostFormulas ? tex_source(spot.tex, spot.display) : tex_to_mathml(spot.tex, spot.display);
    return found->second;
  }

 private:
  std::map<std::pair<std::string, bool>, std::string> known_;
};

std::string with_math(const HtmlPiece& piece, Formulas& formulas) {
  std::string html;
  std::size_t from = 0;
  for (const MathSpot& spot : piece.math) {
    html.append(piece.html, from, spot.at - from);
    html += formulas.mathml(spot);
    from = spot.at;
  }
  return html.append(piece.html, from);
}

/// Whether a picture may be wider than the text: wide plots, whose labels would become too small.
bool is_wide(const ReadyFigure& figure) {
  return figure.provenance.tool == "code" && 2 * figure.width > 3 * figure.height;
}

std::string ready_figure(const FigureBlock& block, const ReadyFigure& figure, const std::string& bytes) {
  const bool png = figure.file.ends_with(".png");
  const bool svg = figure.file.ends_with(".svg");
  const char* type = png ? "image/png" : svg ? "image/svg+xml" : "image/jpeg";
  const std::string line = credit_line(figure.provenance);
  return fmt::format(
      "<figure id=\"figure-{0}\"{1}>\n<div class=\"frame\"><img src=\"data:{2};base64,{3}\" alt=\"{4}\" width=\"{5}\" "
      "height=\"{6}\"></div>\n<figcaption><b>Figure {0}.</b>{7}{8}</figcaption>\n</figure>\n",
      figure.number, is_wide(figure) ? " class=\"wide\"" : "", type, base64(bytes), escape_html(block.alt),
      figure.width, figure.height, escape_html(block.caption),
      line.empty() ? "" : fmt::format("<span class=\"credit\">{}</span>", line));
}

std::string failed_figure(const FigureBlock& block, const Fault& fault) {
  return fmt::format(
      "<figure class=\"failed\"><div class=\"fault\"><b>This figure could not be made ({}).</b>{}</div>{}</figure>\n",
      name(fault.stage), escape_html(fault.message),
      block.caption.empty() ? "" : fmt::format("\n<figcaption>{}</figcaption>", escape_html(block.caption)));
}

struct Script {
  std::string_view language;
  char32_t first;
  char32_t last;
};

/// The language tells screen readers and line breaking how to read the text: told by the script where that is enough.
std::string_view language_of(const document::Document& document) {
  static constexpr Script kScripts[] = {{"ja", 0x3040, 0x30FF}, {"ko", 0xAC00, 0xD7AF}, {"zh", 0x4E00, 0x9FFF},
                                        {"ar", 0x0600, 0x06FF}, {"ru", 0x0400, 0x04FF}, {"el", 0x0370, 0x03FF},
                                        {"he", 0x0590, 0x05FF}, {"th", 0x0E00, 0x0E7F}, {"hi", 0x0900, 0x097F}};
  std::string all;
  for (const auto& block : document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) all += text->markdown;
  }
  const std::size_t letters = count_code_points(all);
  for (const Script& script : kScripts) {
    std::size_t hits = 0;
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      const auto byte = [&](std::size_t k) { return static_cast<char32_t>(static_cast<unsigned char>(all[i + k])); };
      char32_t point = 0;
      if ((byte(0) & 0xE0U) == 0xC0U) point = ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
      if ((byte(0) & 0xF0U) == 0xE0U && i + 2 < all.size())
        point = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
      if (point >= script.first && point <= script.last) ++hits;
    }
    if (hits * 8 > letters) return script.language;
  }
  return "en";
}

bool begins_with_title(const document::Document& document) {
  for (const auto& block : document.blocks) {
    const auto* text = std::get_if<document::TextBlock>(&block);
    if (text != nullptr && (text->markdown.starts_with("# ") || text->markdown.find("\n# ") != std::string::npos))
      return true;
  }
  return false;
}

std::string notice(const document::Document& document) {
  if (document.complete) return "";
  return fmt::format("<p class=\"notice\">This document is incomplete: {}.</p>\n", escape_html(document.reason));
}

}  // namespace

Result<std::string> to_html(const document::Document& document, const Assets& assets) {
  PageState state{.drop_title = begins_with_title(document)};
  const std::string title = to_valid_utf8(document::title_of(document));
  Formulas formulas;
  std::string body;
  for (const auto& block : document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      body += with_math(markdown_to_html(text->markdown, state), formulas);
      continue;
    }
    const auto& figure = std::get<FigureBlock>(block);
    if (const Fault* fault = figure.fault()) {
      body += failed_figure(figure, *fault);
      continue;
    }
    LLMI_TRY(const std::string bytes, assets(figure.ready()->file));
    body += ready_figure(figure, *figure.ready(), bytes);
  }
  const std::string_view language = language_of(document);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"{}>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<meta name=\"generator\" "
      "content=\"llmi\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<article>\n"
      "<header><h1>{}</h1></header>\n{}{}<footer>\n{}<p class=\"made\">Written with "
      "llmi{}.</p>\n</footer>\n</article>\n</body>\n</html>\n",
      language, language == "ar" || language == "he" ? " dir=\"rtl\"" : "", escape_html(title), kPageCss,
      escape_html(title), notice(document), body, credits_section(document),
      document.model ? fmt::format(" by the model {}", escape_html(*document.model)) : "");
}

}  // namespace llmi::render
