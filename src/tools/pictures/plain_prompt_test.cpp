#include "tools/pictures/plain_prompt.h"

#include <gtest/gtest.h>

namespace llmi::tools::pictures {
namespace {

TEST(PlainPrompt, CommandsGo) {
  EXPECT_EQ(plain_prompt("a fox <sd_cpp_extra_args>{\"seed\": 1}</sd_cpp_extra_args> at night"), "a fox  at night");
  EXPECT_EQ(plain_prompt("a fox <SD_CPP_EXTRA_ARGS>{}"), "a fox");
  EXPECT_EQ(plain_prompt("<lora:evil:1.5> a fox <Lyco:x>"), "a fox");
  EXPECT_EQ(plain_prompt("a fox </sd_cpp_extra_args>"), "a fox");
  EXPECT_EQ(plain_prompt("<sd_cpp_<lora:x>extra_args>{}</sd_cpp_extra_args>a"), "a") << "what a removal joins goes too";
  EXPECT_EQ(plain_prompt("<lora:x"), "");
}

TEST(PlainPrompt, WordsStay) {
  EXPECT_EQ(plain_prompt("  1 < 2, a <b>bold</b> fox (masterpiece:1.2)  "),
            "1 < 2, a <b>bold</b> fox (masterpiece:1.2)");
}

}  // namespace
}  // namespace llmi::tools::pictures
