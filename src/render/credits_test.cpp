#include "render/credits.h"

#include <gtest/gtest.h>

#include <regex>

namespace llmi::render {
namespace {

document::Document with(const std::vector<document::Provenance>& pictures) {
  document::Document document;
  std::size_t number = 0;
  for (const document::Provenance& provenance : pictures)
    document.blocks.emplace_back(
        document::FigureBlock{.outcome = document::ReadyFigure{.number = ++number, .provenance = provenance}});
  return document;
}

/// The entries' text.
std::vector<std::string> entries(const std::vector<document::Provenance>& pictures) {
  std::vector<std::string> lines;
  const std::string html = credits_section(with(pictures));
  const std::regex item("<li>(.*)</li>");
  for (std::sregex_iterator it(html.begin(), html.end(), item), end; it != end; ++it)
    lines.push_back(std::regex_replace((*it)[1].str(), std::regex("<[^>]*>"), ""));
  return lines;
}

const document::Provenance kElephant{.tool = "search", .title = "elephant", .creator = "Ann Lee", .licence = "CC0-1.0"};

TEST(CreditsTest, AnAttributionThatIsSaidAlreadyIsNotRepeated) {
  auto picture = kElephant;
  for (const char* said : {"", "“Elephant” by Ann Lee, CC0-1.0", "Ann Lee (CC0 1.0)"}) {
    picture.attribution = said;
    EXPECT_EQ(entries({picture}).at(0), "Figure 1: elephant, by Ann Lee, CC0-1.0; found by image search");
  }
  picture.attribution = "Elephant by Ann Lee, courtesy of the zoo";
  EXPECT_EQ(entries({picture}).at(0),
            "Figure 1: elephant, by Ann Lee, CC0-1.0. Elephant by Ann Lee, courtesy of the zoo; found by image search");
}

TEST(CreditsTest, PicturesOfOneWorkShareAnEntry) {
  auto edited = kElephant;
  edited.tool = "edit";
  auto other = kElephant;
  other.creator = "Bo";
  const document::Provenance plot{.tool = "code", .data = "given"};
  const document::Provenance illustration{.tool = "code", .data = "model"};
  EXPECT_EQ(
      entries({plot, kElephant, illustration, edited, plot, other}),
      (std::vector<std::string>{"Figure 1, Figure 5: drawn by code from the numbers given",
                                "Figure 2, Figure 4: elephant, by Ann Lee, CC0-1.0; found by image search, edited",
                                "Figure 3: drawn by code; the numbers are illustrative",
                                "Figure 6: elephant, by Bo, CC0-1.0; found by image search"}));
}

TEST(CreditsTest, ADocumentWithoutPicturesHasNone) { EXPECT_EQ(credits_section(with({})), ""); }

}  // namespace
}  // namespace llmi::render
