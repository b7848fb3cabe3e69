#include "store/corpus_picture.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/file.h"
#include "base/random.h"
#include "base/utf8.h"
#include "store/corpus_markup.h"
#include "store/corpus_test_pictures.h"

namespace llmi::store {
namespace {

Result<PictureFacts> facts(std::string_view bytes) {
  return picture_facts(FileEnds{.head = bytes, .tail = bytes, .size = bytes.size()});
}

std::string tiff(std::uint32_t orientation) {
  std::string text = "A red fox";
  std::string bytes{"MM\0*\0\0\0\x08\0\x04", 10};
  const auto entry = [&](std::uint16_t tag, std::uint16_t kind, std::uint32_t count, const std::string& value) {
    bytes += test::be16(tag) + test::be16(kind) + test::be32(count) + value;
  };
  entry(256, 4, 1, test::be32(30));
  entry(257, 4, 1, test::be32(20));
  entry(270, 2, 10, test::be32(10 + 4 * 12));
  entry(274, 3, 1, test::be16(static_cast<std::uint16_t>(orientation)) + std::string(2, '\0'));
  return bytes + text + '\0';
}

TEST(PictureFacts, OfPng) {
  const auto result =
      facts(test::png(640, 480, {{"Title", "Caf\xE9"}, {"Author", "A &quot;B&quot;"}, {"Description", "x\ny"}}));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->width, 640);
  EXPECT_EQ(result->height, 480);
  EXPECT_EQ(result->title, "Café");
  EXPECT_EQ(result->creator, "A \"B\"");
  EXPECT_EQ(result->description, "x y");
}

TEST(PictureFacts, OfPngWithXmp) {
  const std::string xmp =
      "<x:xmpmeta><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Sunset &amp; sea</rdf:li></rdf:Alt></dc:title>"
      "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator></x:xmpmeta>";
  const auto result = facts(test::png(2, 3, {}, xmp));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->title, "Sunset & sea");
  EXPECT_EQ(result->creator, "Ann");
}

TEST(PictureFacts, OfJpegTurnedByExif) {
  const auto upright = facts(test::jpeg(400, 300, tiff(1)));
  const auto turned = facts(test::jpeg(400, 300, tiff(6)));
  ASSERT_TRUE(upright && turned);
  EXPECT_EQ(upright->width, 400);
  EXPECT_EQ(turned->width, 300);
  EXPECT_EQ(turned->height, 400);
  EXPECT_EQ(upright->description, "A red fox");
}

TEST(PictureFacts, OfOtherFormats) {
  const auto size = [](std::string_view bytes) {
    const auto result = facts(bytes);
    return result ? std::pair{result->width, result->height} : std::pair{0, 0};
  };
  EXPECT_EQ(size(tiff(1)), (std::pair{30, 20}));
  EXPECT_EQ(size(std::string("GIF89a\x10\0\x20\0\0\0\0;", 14)), (std::pair{16, 32}));
  EXPECT_EQ(size(test::bmp(7, -9)), (std::pair{7, 9}));
  EXPECT_EQ(size(test::webp(11, 12)), (std::pair{11, 12}));
  EXPECT_EQ(size("<svg xmlns='x' viewBox='0 0 40 50'><title>t</title></svg>"), (std::pair{40, 50}));
  EXPECT_EQ(size("<?xml version='1.0'?><svg stroke-width='3' width='1in' height='48px'></svg>"), (std::pair{96, 48}));
}

TEST(PictureFacts, RefuseWhatIsNoWholePicture) {
  const std::string whole = test::png(5, 5, {});
  for (const std::string& bad :
       {std::string(), std::string("hello"), std::string("<html></html>"), whole.substr(0, whole.size() - 3),
        test::png(0, 5, {}), test::jpeg(400, 300, "").substr(0, 20), test::webp(11, 12).substr(0, 20)})
    EXPECT_FALSE(facts(bad)) << bad.size();
}

TEST(PictureFacts, OfFilesOnDisk) {
  const auto folder = *TemporaryFolder::make();
  ASSERT_TRUE(write_file(folder.path() / "a.png", test::png(3, 4, {{"Title", "T"}})));
  std::string large = test::png(6, 7, {{"Title", "T"}}, "", std::size_t{3} << 20);
  ASSERT_TRUE(write_file(folder.path() / "large.png", large));
  ASSERT_TRUE(write_file(folder.path() / "cut.png", large.substr(0, large.size() - 20)));
  EXPECT_EQ(picture_facts(folder.path() / "a.png")->title, "T");
  EXPECT_EQ(picture_facts(folder.path() / "large.png")->width, 6);
  EXPECT_FALSE(picture_facts(folder.path() / "cut.png"));
  EXPECT_FALSE(picture_facts(folder.path()));
  EXPECT_FALSE(picture_facts("/dev/zero"));
}

// A reader that trusts a length inside the file is caught here by the sanitizers.
TEST(PictureFacts, SurviveDamage) {
  Random random(7);
  const std::string xmp = "<dc:title>x</dc:title>";
  for (const std::string& whole :
       {test::png(9, 9, {{"Title", "T"}}, xmp), test::jpeg(40, 30, tiff(6)), tiff(3), test::webp(11, 12),
        test::bmp(3, 3), std::string("<svg width='3' height='4'><title>&#xx;</title></svg>")}) {
    for (int i = 0; i < 3000; ++i) {
      std::string damaged = whole.substr(0, i % 3 == 0 ? random.below(whole.size()) : whole.size());
      for (std::uint64_t n = random.below(6); n > 0 && !damaged.empty(); --n)
        damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
      const auto result = facts(damaged);
      if (result) {
        EXPECT_GT(result->width, 0);
        EXPECT_TRUE(is_valid_utf8(result->title + result->description + result->creator));
      }
    }
  }
}

RC_GTEST_PROP(Markup, AnyBytesCleanUpToShortValidText, (const std::string& bytes)) {
  const std::string text = clean_text(decode_references(bytes));
  RC_ASSERT(is_valid_utf8(text));
  RC_ASSERT(text.size() <= 8192U);
}

TEST(Markup, ReferencesAreDecoded) {
  EXPECT_EQ(decode_references("a &amp; b &#x41;&#66; &unknown; &amp"), "a & b AB &unknown; &amp");
}

}  // namespace
}  // namespace llmi::store
