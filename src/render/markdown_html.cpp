#include "render/markdown_html.h"

#include <fmt/format.h>
#include <md4c.h>

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "render/escape.h"
#include "render/highlight.h"
#include "render/markdown_source.h"

namespace llmi::render {
namespace {

constexpr unsigned kFlags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS |
                            MD_FLAG_NOHTML | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEEMAILAUTOLINKS;
// md4c's own recursion is bounded; this bounds the page.
constexpr int kDeepestBlocks = 64;

/// "&amp;", which links with several parameters need, is read; any other entity stays as it is written, so that no
/// scheme is spelled by entities.
std::string attribute_text(const MD_ATTRIBUTE& attribute) {
  const std::string_view written(attribute.text, attribute.size);
  constexpr std::string_view kAmpersand = "&amp;";
  std::string text;
  for (std::size_t at = 0; at < written.size();) {
    const bool ampersand = written.substr(at).starts_with(kAmpersand);
    text.push_back(written[at]);
    at += ampersand ? kAmpersand.size() : 1;
  }
  return text;
}

/// "1,234.5", "−3 %", "$20": what belongs under each other at the right.
bool is_numeric(std::string_view cell) {
  bool digit = false;
  for (const char c : cell) {
    digit = digit || (c >= '0' && c <= '9');
    if (!(c >= '0' && c <= '9') &&
        std::string_view(" .,+-%$\u2212\u20ac\u00a3\u00a0\u202f").find(c) == std::string_view::npos)
      return false;
  }
  return digit;
}

struct Cell {
  std::size_t align_at;  ///< Where the word "start" of its class stands.
  std::size_t text_at;
  std::size_t column;
  bool head;
};

/// Collects the HTML of one piece of Markdown from md4c's events.
class Writer {
 public:
  Writer(PageState& state) : state_(state) {}

  void enter_block(MD_BLOCKTYPE type, void* detail);
  void leave_block(MD_BLOCKTYPE type, void* detail);
  void enter_span(MD_SPANTYPE type, void* detail);
  void leave_span(MD_SPANTYPE type);
  void text(MD_TEXTTYPE type, std::string_view text);

  HtmlPiece take() { return std::move(piece_); }

 private:
  std::string& out() { return piece_.html; }
  void open_cell(const char* name, const void* detail);
  void close_cell(const char* name);
  void align_numbers();
  void open_link(const MD_ATTRIBUTE& target);
  void close_link();
  void close_heading(unsigned level);
  [[nodiscard]] std::string unique_id(std::string_view text);

  PageState& state_;
  HtmlPiece piece_;
  int depth_ = 0;
  std::size_t heading_begin_ = 0;
  std::string heading_text_;
  bool in_heading_ = false;
  std::string code_language_;
  std::string code_;
  bool in_code_block_ = false;
  std::string math_;
  bool in_math_ = false;
  std::vector<bool> links_;  ///< The open links and pictures; true where an <a> was written.
  std::vector<Cell> cells_;  ///< Of the open table.
  std::vector<bool> numeric_columns_;
  std::size_t column_ = 0;
};

void Writer::open_cell(const char* name, const void* detail) {
  static constexpr const char* kAlign[] = {"start", "left", "center", "right"};
  const MD_ALIGN align = static_cast<const MD_BLOCK_TD_DETAIL*>(detail)->align;
  out() += fmt::format("<{} class=\"{}\">", name, kAlign[align]);
  const std::size_t text_at = out().size();
  if (align == MD_ALIGN_DEFAULT) cells_.push_back({text_at - 7, text_at, column_, name == std::string_view("th")});
  ++column_;
}

void Writer::close_cell(const char* name) {
  if (!cells_.empty() && cells_.back().column + 1 == column_ && !cells_.back().head) {
    const std::string_view text = std::string_view(out()).substr(cells_.back().text_at);
    numeric_columns_.resize(std::max(numeric_columns_.size(), column_), true);
    if (!text.empty() && !is_numeric(text)) numeric_columns_[column_ - 1] = false;
  }
  out() += fmt::format("</{}>", name);
}

/// Columns of numbers whose alignment the author left open go to the right. Both words have five letters.
void Writer::align_numbers() {
  for (const Cell& cell : cells_) {
    if (cell.column < numeric_columns_.size() && numeric_columns_[cell.column])
      out().replace(cell.align_at, 5, "right");
  }
  cells_.clear();
  numeric_columns_.clear();
}

/// HTML knows no link within a link: the outer one counts.
void Writer::open_link(const MD_ATTRIBUTE& target) {
  const bool within = std::ranges::find(links_, true) != links_.end();
  const std::string link = within ? "" : safe_link(attribute_text(target));
  links_.push_back(!link.empty());
  if (!link.empty()) out() += fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">", link);
}

void Writer::close_link() {
  if (links_.back()) out() += "</a>";
  links_.pop_back();
}

void Writer::enter_block(MD_BLOCKTYPE type, void* detail) {
  if (++depth_ > kDeepestBlocks) return;
  switch (type) {
    case MD_BLOCK_QUOTE:
      out() += "<blockquote>\n";
      break;
    case MD_BLOCK_UL:
      out() += "<ul>\n";
      break;
    case MD_BLOCK_OL: {
      const unsigned start = static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start;
      out() += start == 1 ? "<ol>\n" : fmt::format("<ol start=\"{}\">\n", start);
      break;
    }
    case MD_BLOCK_LI: {
      const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
      out() += !item->is_task ? "<li>" : item->task_mark == ' ' ? "<li class=\"task\">☐ " : "<li class=\"task\">☑ ";
      break;
    }
    case MD_BLOCK_HR:
      out() += "<hr>\n";
      break;
    case MD_BLOCK_H:
      heading_begin_ = out().size();
      heading_text_.clear();
      in_heading_ = true;
      break;
    case MD_BLOCK_CODE:
      code_language_ = attribute_text(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
      code_.clear();
      in_code_block_ = true;
      break;
    case MD_BLOCK_P:
      out() += "<p>";
      break;
    case MD_BLOCK_TABLE:
      out() += "<div class=\"table\"><table>\n";
      break;
    case MD_BLOCK_THEAD:
      out() += "<thead>\n";
      break;
    case MD_BLOCK_TBODY:
      out() += "<tbody>\n";
      break;
    case MD_BLOCK_TR:
      out() += "<tr>";
      column_ = 0;
      break;
    case MD_BLOCK_TH:
      open_cell("th", detail);
      break;
    case MD_BLOCK_TD:
      open_cell("td", detail);
      break;
    default:
      break;
  }
}

void Writer::leave_block(MD_BLOCKTYPE type, void* detail) {
  if (depth_-- > kDeepestBlocks) return;
  switch (type) {
    case MD_BLOCK_QUOTE:
      out() += "</blockquote>\n";
      break;
    case MD_BLOCK_UL:
      out() += "</ul>\n";
      break;
    case MD_BLOCK_OL:
      out() += "</ol>\n";
      break;
    case MD_BLOCK_LI:
      out() += "</li>\n";
      break;
    case MD_BLOCK_H:
      close_heading(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      break;
    case MD_BLOCK_CODE:
      in_code_block_ = false;
      out() += fmt::format("<pre><code>{}</code></pre>\n", highlight(code_, code_language_));
      break;
    case MD_BLOCK_P:
      out() += "</p>\n";
      break;
    case MD_BLOCK_TABLE:
      align_numbers();
      out() += "</table></div>\n";
      break;
    case MD_BLOCK_THEAD:
      out() += "</thead>\n";
      break;
    case MD_BLOCK_TBODY:
      out() += "</tbody>\n";
      break;
    case MD_BLOCK_TR:
      out() += "</tr>\n";
      break;
    case MD_BLOCK_TH:
      close_cell("th");
      break;
    case MD_BLOCK_TD:
      close_cell("td");
      break;
    default:
      break;
  }
}

std::string Writer::unique_id(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) id.push_back(c);
    if (c >= 'A' && c <= 'Z') id.push_back(static_cast<char>(c + 32));
    if ((c == ' ' || c == '-') && !id.empty() && id.back() != '-') id.push_back('-');
  }
  if (id.empty()) id = "section";
  std::string candidate = id;
  // The count goes on where the last heading of this text left it: many alike stay cheap.
  int& number = state_.heading_counts[id];
  while (!state_.heading_ids.insert(candidate).second) candidate = fmt::format("{}-{}", id, ++number + 1);
  return candidate;
}

void Writer::close_heading(unsigned level) {
  in_heading_ = false;
  std::string inside = out().substr(heading_begin_);
  out().resize(heading_begin_);
  if (level == 1 && std::exchange(state_.drop_title, false)) {
    while (!piece_.math.empty() && piece_.math.back().at >= heading_begin_) piece_.math.pop_back();
    return;
  }
  // The page's title is its one h1.
  const unsigned shown = std::max(level, 2U);
  const std::string opening = fmt::format("<h{} id=\"{}\">", shown, escape_html(unique_id(heading_text_)));
  for (MathSpot& spot : piece_.math) {
    if (spot.at >= heading_begin_) spot.at += opening.size();
  }
  out() += opening + inside + fmt::format("</h{}>\n", shown);
}

void Writer::enter_span(MD_SPANTYPE type, void* detail) {
  switch (type) {
    case MD_SPAN_EM:
      out() += "<em>";
      break;
    case MD_SPAN_STRONG:
      out() += "<strong>";
      break;
    case MD_SPAN_CODE:
      out() += "<code>";
      break;
    case MD_SPAN_DEL:
      out() += "<del>";
      break;
    case MD_SPAN_A:
      open_link(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
      break;
    // A picture of the model's own is never loaded; its text stays, as a link.
    case MD_SPAN_IMG:
      open_link(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
      break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
      in_math_ = true;
      math_.clear();
      break;
    default:
      break;
  }
}

void Writer::leave_span(MD_SPANTYPE type) {
  switch (type) {
    case MD_SPAN_EM:
      out() += "</em>";
      break;
    case MD_SPAN_STRONG:
      out() += "</strong>";
      break;
    case MD_SPAN_CODE:
      out() += "</code>";
      break;
    case MD_SPAN_DEL:
      out() += "</del>";
      break;
    case MD_SPAN_A:
    case MD_SPAN_IMG:
      close_link();
      break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
      in_math_ = false;
      piece_.math.push_back({out().size(), math_, type == MD_SPAN_LATEXMATH_DISPLAY});
      break;
    default:
      break;
  }
}

void Writer::text(MD_TEXTTYPE type, std::string_view text) {
  if (in_math_) {
    math_ += text;
    return;
  }
  if (in_code_block_) {
    code_ += text;
    return;
  }
  if (in_heading_) heading_text_ += text;
  switch (type) {
    case MD_TEXT_BR:
      out() += "<br>\n";
      break;
    case MD_TEXT_SOFTBR:
      out() += '\n';
      break;
    case MD_TEXT_NULLCHAR:
      out() += "\uFFFD";
      break;
    // md4c hands on only what has the form of an entity, which HTML reads as itself or as text.
    case MD_TEXT_ENTITY:
      out() += text;
      break;
    default:
      out() += escape_html(text);
  }
}

template <class... Arguments>
int guarded(void* writer, void (Writer::*member)(Arguments...), Arguments... arguments) {
  (static_cast<Writer*>(writer)->*member)(arguments...);
  return 0;
}

}  // namespace

HtmlPiece markdown_to_html(std::string_view markdown, PageState& state) {
  const std::string valid = to_md4c(to_valid_utf8(markdown));
  Writer writer(state);
  MD_PARSER parser{};
  parser.flags = kFlags;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return guarded(self, &Writer::enter_block, type, detail);
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return guarded(self, &Writer::leave_block, type, detail);
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
    return guarded(self, &Writer::enter_span, type, detail);
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* self) { return guarded(self, &Writer::leave_span, type); };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
    return guarded(self, &Writer::text, type, std::string_view(text, size));
  };
  md_parse(valid.data(), static_cast<MD_SIZE>(valid.size()), &parser, &writer);
  return writer.take();
}

}  // namespace llmi::render
