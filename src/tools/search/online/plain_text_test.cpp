#include "tools/search/online/plain_text.h"

#include <gtest/gtest.h>

namespace llmi::tools::online {
namespace {

TEST(PlainText, TagsGoAndReferencesAreResolved) {
  EXPECT_EQ(plain_text(R"(<a href="//x/User:J" title="User:J">Jos&#233; &amp; Fran&ccedil;ois</a> &#x1F98A;)"),
            "José & Fran&ccedil;ois 🦊");
  EXPECT_EQ(plain_text("<b>Bold</b><style>.x{}</style><script>alert(1)</script> end"), "Bold end");
  EXPECT_EQ(plain_text("a < b & c\n\n  d"), "a < b & c d");
  EXPECT_EQ(plain_text("&amp;lt;script&amp;gt;"), "&lt;script&gt;") << "once, not twice";
  EXPECT_EQ(plain_text("<unclosed"), "");
  EXPECT_EQ(plain_text("&#0;&#xD800;&#99999999;"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "no code point";
}

}  // namespace
}  // namespace llmi::tools::online
