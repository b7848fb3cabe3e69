#include "document/caption.h"

#include <gtest/gtest.h>

namespace llmi::document {
namespace {

FigureBlock plot(const std::string& description, const Drawn& drawn) {
  return {.call = tag::Tag{description, tag::CodeParams{"plt.plot([1])"}}, .outcome = ReadyFigure{.drawn = drawn}};
}

TEST(AltTest, SaysWhatAPlotShows) {
  EXPECT_EQ(
      alt_of(plot("Rain by month", {.titles = {"Rain in Oslo"}, .axis_labels = {"Month", "mm"}, .series = {"2023"}})),
      "Rain by month. Chart: Rain in Oslo. Axes: Month, mm. Series: 2023.");
}

TEST(AltTest, SaysNothingTwice) {
  EXPECT_EQ(alt_of(plot("Diagram: kinds of bee", {.titles = {"Kinds of bee"}})), "Diagram: kinds of bee.");
  EXPECT_EQ(alt_of(plot("Rain in Oslo.", {.titles = {"rain  in Oslo"}, .axis_labels = {"mm", "mm"}})),
            "Rain in Oslo. Axes: mm.");
  EXPECT_EQ(alt_of(plot("", {.titles = {"Rain in Oslo"}})), "Rain in Oslo.");
  EXPECT_EQ(alt_of(plot("Rain", {.titles = {"Oslo", "Oslo"}, .series = {"rain"}})), "Rain. Chart: Oslo. Series: rain.");
}

}  // namespace
}  // namespace llmi::document
