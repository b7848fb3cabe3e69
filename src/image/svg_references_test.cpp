#include "image/svg_references.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi::image {
namespace {

std::string svg(const std::string& content) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">" + content + "</svg>";
}

TEST(SvgReferences, DrawingsPass) {
  for (const char* content :
       {"<path d=\"M0 0\"/>", "<use xlink:href=\"#a\"/>", "<rect fill=\"url(#g)\"/>", "<text>a &amp; b &#x41;</text>",
        "<!-- <script> -->", "<style>*{stroke:red}</style>", "<metadata><rdf:RDF/></metadata>"}) {
    EXPECT_EQ(svg_objection(svg(content)), std::nullopt) << content;
    EXPECT_EQ(svg_objection(svg(content), SvgUse::kHandOn), std::nullopt) << content;
  }
}

TEST(SvgReferences, WhatReachesOutIsNotEvenDrawn) {
  for (const char* content :
       {"<image href=\"file:///etc/passwd\"/>", "<use href=\"other.svg#a\"/>", "<script/>", "<x:script/>",
        "<foreignObject/>", "<rect fill=\"url(http://x/)\"/>", "<style>@import 'x'</style>", "<path d=\"&x;\"/>",
        "<g><path></g>", "<rect", "<lin<!entity id=\"g\"/>", "<rect id=\"<script\"/>",
        "<image href=\"data:image/png;base64,x\"/>", "<?a <!doctype x>?>", "<?<script?>", "<xi:include]a/>",
        "<image hrfe=\"file:///etc/passwd\"/>", "<filter><feImage/></filter>"}) {
    EXPECT_NE(svg_objection(svg(content)), std::nullopt) << content;
  }
}

TEST(SvgReferences, WhatActsInABrowserIsNotHandedOn) {
  for (const char* content :
       {"<a href=\"javascript:alert(1)\"><path/></a>", "<rect onclick=\"x()\"/>", "<rect ONload=\"x()\"/>",
        "<set attributeName=\"href\" to=\"x\"/>", "<animate/>", "<iframe/>", "<h:object/>"}) {
    EXPECT_EQ(svg_objection(svg(content)), std::nullopt) << content;
    EXPECT_NE(svg_objection(svg(content), SvgUse::kHandOn), std::nullopt) << content;
  }
}

}  // namespace
}  // namespace llmi::image
