#include "eval/structure.h"

#include <gtest/gtest.h>

namespace llmi::eval {
namespace {

document::Block text(std::string words) { return document::TextBlock{std::move(words)}; }
document::Block figure(bool ready) {
  document::FigureBlock block;
  if (ready) block.outcome = document::ReadyFigure{};
  return block;
}

TEST(Structure, JoinsTextsAndLeavesOutWhatDidNotCome) {
  document::Document document;
  document.blocks = {text("\n"), text("a"), text("b"), figure(true), figure(false), text(" "), figure(true), text("c")};
  EXPECT_EQ(structure_of(document), "tiit");
}

TEST(Structure, TextAroundAFailedPictureIsOneText) {
  document::Document document;
  document.blocks = {text("a"), figure(false), text("b")};
  EXPECT_EQ(structure_of(document), "t");
}

TEST(Structure, LikenessIsOneMinusTheShareOfBlocksToChange) {
  EXPECT_DOUBLE_EQ(structure_likeness("tiiii", "tiiii"), 1);
  EXPECT_DOUBLE_EQ(structure_likeness("tiii", "tiiii"), 0.8);
  EXPECT_DOUBLE_EQ(structure_likeness("titi", "itit"), 0.5);
  EXPECT_DOUBLE_EQ(structure_likeness("t", "iiii"), 0);
  EXPECT_DOUBLE_EQ(structure_likeness("", ""), 1);
  EXPECT_DOUBLE_EQ(structure_likeness("", "ti"), 0);
}

}  // namespace
}  // namespace llmi::eval
