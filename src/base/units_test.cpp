#include "base/units.h"

#include <gtest/gtest.h>

namespace llmi {
namespace {

using std::chrono::milliseconds;

TEST(Units, ReadsDurations) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("10s"), milliseconds(10'000));
  EXPECT_EQ(parse_duration("1.5h"), milliseconds(5'400'000));
  EXPECT_EQ(parse_duration("2 m"), milliseconds(120'000));
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "10", "s", "-1s", "1x", "1s ", "inf s", "nan", "1e99s", "99999999999999999999d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Units, ReadsSizes) {
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("1GiB"), std::uint64_t{1} << 30);
  EXPECT_EQ(parse_size("1.5GB"), 1'500'000'000U);
  EXPECT_FALSE(parse_size("1gib"));
}

TEST(Units, PrintsWhatItReads) {
  for (const char* text : {"250ms", "10s", "2m", "3h", "7d", "0ms"})
    EXPECT_EQ(print_duration(parse_duration(text).value()), text);
  for (const char* text : {"512B", "64KiB", "1GiB", "0B"}) EXPECT_EQ(print_size(parse_size(text).value()), text);
}

}  // namespace
}  // namespace llmi
