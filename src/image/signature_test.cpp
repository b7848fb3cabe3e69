#include "image/signature.h"

#include <gtest/gtest.h>

#include <string>

#include "image/decode.h"

namespace llmi::image {
namespace {

/// A chart-like drawing: two bars of the given heights on white.
Signature drawn(int first, int second, int size = 400) {
  const std::string text = std::string("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100' width='") +
                           std::to_string(size) + "' height='" + std::to_string(size) +
                           "'><rect width='100' height='100' fill='white'/><rect x='20' y='" +
                           std::to_string(100 - first) + "' width='20' height='" + std::to_string(first) +
                           "' fill='navy'/><rect x='60' y='" + std::to_string(100 - second) + "' width='20' height='" +
                           std::to_string(second) + "' fill='navy'/></svg>";
  const auto picture = decode_untrusted({}, text);
  EXPECT_TRUE(picture.has_value()) << picture.error().message;
  const auto result = signature({}, *picture);
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return *result;
}

TEST(Signature, ThePictureFromAfar) {
  const Signature bars = drawn(50, 80);
  EXPECT_EQ(bars[0], 255);                       // the left top corner is white
  EXPECT_LT(bars[31 * kSignatureSide + 9], 60);  // the foot of the first bar is navy
}

TEST(Signature, SizeDoesNotMatterButContentDoes) {
  EXPECT_TRUE(near_identical(drawn(50, 80, 400), drawn(50, 80, 700)));
  EXPECT_FALSE(near_identical(drawn(50, 80), drawn(50, 70)));
  EXPECT_FALSE(near_identical(drawn(50, 80), drawn(80, 50)));
}

TEST(Signature, ABrokenPictureIsAnError) {
  const auto broken = signature({}, {.bytes = "no picture"});
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().code, ErrorCode::kUnreadable);
}

}  // namespace
}  // namespace llmi::image
