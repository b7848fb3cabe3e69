#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::render {

/// What one page's pieces of Markdown share.
struct PageState {
  std::set<std::string> heading_ids;          ///< In use; a second heading of the same text gets another id.
  std::map<std::string, int> heading_counts;  ///< Headings so far beyond the first, by the id they asked for.
  bool drop_title = false;  ///< The page shows the first level-one heading itself: leave it out here, once.
};

/// A stretch of math in the output of markdown_to_html, to be replaced by MathML.
struct MathSpot {
  std::size_t at = 0;  ///< Byte offset in the HTML.
  std::string tex;
  bool display = false;
};

struct HtmlPiece {
  std::string html;
  std::vector<MathSpot> math;
};

/// Markdown (CommonMark with tables, strikethrough, task lists, $math$) of a model as HTML. Raw HTML is shown as text,
/// links are limited to safe ones, pictures become links: nothing is loaded, nothing runs.
[[nodiscard]] HtmlPiece markdown_to_html(std::string_view markdown, PageState& state);

}  // namespace llmi::render
