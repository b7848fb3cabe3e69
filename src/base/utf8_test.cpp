#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi {
namespace {

using namespace std::string_literals;

TEST(Utf8, KeepsValidText) {
  for (const auto& text : {"plain"s, "Grüße"s, "火山"s, "🌋"s, "a\0b"s}) {
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(to_valid_utf8(text), text);
  }
}

TEST(Utf8, ReplacesEachMaximalInvalidPartOnce) {
  EXPECT_EQ(to_valid_utf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(to_valid_utf8("a\xE7\x81z"), "a\uFFFDz");                        // truncated three-byte sequence
  EXPECT_EQ(to_valid_utf8("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // surrogate
  EXPECT_EQ(to_valid_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
}

TEST(Utf8, MeasuresTheValidPrefix) {
  EXPECT_EQ(valid_utf8_prefix("ab\xFF"), 2U);
  EXPECT_EQ(valid_utf8_prefix("ab\xE7\x81"), 2U);
  EXPECT_EQ(count_code_points("a火🌋"), 3U);
}

TEST(Utf8, AppendsCodePoints) {
  std::string out;
  for (const char32_t c : {U'a', U'ü', U'火', U'🌋', char32_t{0xD800}}) append_utf8(out, c);
  EXPECT_EQ(out, "aü火🌋\uFFFD");
}

}  // namespace
}  // namespace llmi
