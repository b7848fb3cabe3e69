#include <gtest/gtest.h>

#include "render/render.h"

namespace llmi::render {
namespace {

std::string page_with(const std::string& tool, int width, int height) {
  document::Document document;
  document.blocks.emplace_back(document::FigureBlock{
      .outcome = document::ReadyFigure{
          .number = 1, .file = "figures/01.png", .width = width, .height = height, .provenance = {.tool = tool}}});
  return *to_html(document, [](std::string_view) -> Result<std::string> { return "bytes"; });
}

TEST(HtmlTest, OnlyWidePlotsAreWiderThanTheText) {
  const std::string wide = R"(<figure id="figure-1" class="wide">)";
  EXPECT_TRUE(page_with("code", 1200, 600).contains(wide));
  EXPECT_FALSE(page_with("code", 400, 900).contains(wide));
  EXPECT_FALSE(page_with("code", 800, 600).contains(wide));
  EXPECT_FALSE(page_with("search", 1200, 600).contains(wide));
}

}  // namespace
}  // namespace llmi::render
