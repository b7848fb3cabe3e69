#include "render/markdown_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/escape.h"
#include "render/markdown_source.h"

namespace llmi::render {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string html(std::string_view markdown) {
  PageState state;
  return markdown_to_html(markdown, state).html;
}

std::string tex(std::string_view markdown) {
  PageState state;
  std::string all;
  for (const MathSpot& spot : markdown_to_html(markdown, state).math)
    all += (spot.display ? "[" : "(") + spot.tex + (spot.display ? "]" : ")");
  return all;
}

TEST(MarkdownHtml, NoTextBecomesALinkThatRuns) {
  for (const char* markdown :
       {"[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#x73;cript:alert(1))",
        "[x](&#106;avascript&colon;alert(1))", "[x](<java\tscript:alert(1)>)", "[x]( javascript:alert(1) )",
        "[x](vbscript:x)", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x][r]\n\n[r]: javascript:alert(1)",
        "<javascript:alert(1)>", "![x](javascript:alert(1))", "| [x](javascript:1) |\n|-|\n| [x](data:text/html,1) |",
        "[x](\\javascript:alert(1))", "[x](\x01javascript:alert(1))", "[x](file:///etc/passwd)", "[x](//example.com)"})
    EXPECT_THAT(html(markdown), Not(HasSubstr("href"))) << markdown;
}

TEST(MarkdownHtml, RawHtmlIsText) {
  for (const char* markdown :
       {"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<svg onload=alert(1)>",
        "<math><mtext><script>x</script></mtext></math>", "`<script>`", "```html\n<script>\n```", "    <script>",
        "```\"><script>\nx\n```", "# <script>", "| <script> |\n|---|\n| <script> |", "![<script>](http://a/b)",
        "[x](http://a/ \"'><script>\")", "[x](http://a/\"onclick=\"alert(1))", "<!-- --><script>", "&lt;script>"}) {
    const std::string page = html(markdown);
    EXPECT_THAT(page, Not(HasSubstr("<script"))) << markdown;
    EXPECT_THAT(page, Not(HasSubstr("<img"))) << markdown;
    EXPECT_THAT(page, Not(HasSubstr("<svg"))) << markdown;
    EXPECT_THAT(page, Not(HasSubstr("\" onclick"))) << markdown;
    EXPECT_THAT(page, Not(HasSubstr("\"onclick"))) << markdown;
  }
}

TEST(MarkdownHtml, PicturesAreLinksAndLinksDoNotNest) {
  EXPECT_THAT(html("![a *b*](https://a/b.png)"),
              HasSubstr("<a href=\"https://a/b.png\" rel=\"noopener noreferrer\">a <em>b</em></a>"));
  const std::string nested = html("[![a](https://a/b.png)](https://c)");
  EXPECT_THAT(nested, HasSubstr("<a href=\"https://c\""));
  EXPECT_THAT(nested, Not(HasSubstr("b.png")));
}

TEST(MarkdownHtml, AmpersandsOfLinksAreReadOnce) {
  EXPECT_THAT(html("[x](https://a/?b=1&amp;c=2)"), HasSubstr("href=\"https://a/?b=1&amp;c=2\""));
  EXPECT_THAT(html("[x](https://a/?b=1&c=2)"), HasSubstr("href=\"https://a/?b=1&amp;c=2\""));
}

TEST(MarkdownHtml, TablesOfOneDash) {
  EXPECT_THAT(html("| a | b |\n| - | :-: |\n| x | y |\n"),
              HasSubstr("<td class=\"start\">x</td><td class=\"center\">"));
  EXPECT_THAT(html("> a | b\n> -|-\n> x | y\n"), HasSubstr("<table>"));
  EXPECT_THAT(html("```\na | b\n-|-\n```"), HasSubstr("-|-\n"));
}

TEST(MarkdownHtml, ColumnsOfNumbersGoToTheRight) {
  const std::string page = html("| a | b | c |\n|---|---|:--|\n| 1,000 | x | 1 |\n| −2.5 % | 3 | 2 |\n");
  EXPECT_THAT(page, HasSubstr("<th class=\"right\">a</th><th class=\"start\">b</th><th class=\"left\">c</th>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"right\">1,000</td><td class=\"start\">x</td>"));
}

TEST(MarkdownHtml, AWideTableStaysSmall) {
  std::string table = "|";
  for (int i = 0; i < 2000; ++i) table += "a|";
  table += "\n|";
  for (int i = 0; i < 2000; ++i) table += "-|";
  for (int i = 0; i < 2000; ++i) table += "\n|";
  EXPECT_LT(html(table).size(), 10 * table.size());
}

TEST(MarkdownHtml, Formulas) {
  EXPECT_EQ(tex("a $x^2$ b"), "(x^2)");
  EXPECT_EQ(tex("$$x^2$$"), "[x^2]");
  EXPECT_EQ(tex("a \\(x_1 * y_1\\), b"), "(x_1 * y_1)");
  EXPECT_EQ(tex("\\[\na\n= b\n\\]"), "[ a = b ]");
  EXPECT_EQ(tex("`\\(x\\)` and \\\\(x\\\\)"), "");
  EXPECT_EQ(tex("```\n\\(x\\)\n```\n"), "");
  EXPECT_EQ(tex("It costs $5 and $6."), "");
  EXPECT_EQ(tex("From $5–$6, or US$7."), "");
}

TEST(MarkdownHtml, HeadingsOfOneTextHaveIdsOfTheirOwn) {
  const std::string page = html("## A\n\n## A\n\n## A-2\n\n## A");
  for (const char* id : {"\"a\"", "\"a-2\"", "\"a-2-2\"", "\"a-3\""}) EXPECT_THAT(page, HasSubstr(id));
}

TEST(MarkdownSource, LeavesEverythingElseAlone) {
  for (const char* text : {"", "a", "a\n", "a \\", "\\", "`", "``a`", "\\(", "\\(x", "\\[ \\]", "- a\n- b\n\n---\n",
                           "```\n| a |\n|-|", "a\n-|-\n"})
    EXPECT_EQ(to_md4c(text), text);
}

}  // namespace
}  // namespace llmi::render
