#include "reward/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "reward/testing_judge.h"

namespace llmi::reward {
namespace {

class CalibrationTest : public testing::Test {
 protected:
  std::vector<CalibrationPair> shipped() {
    const auto text = read_file("prompts/judge/calibration.jsonl");
    auto pairs = read_calibration({}, text.value_or(""), {{"tuxpaint-stamps", "/usr/share/tuxpaint/stamps"}}, intake_);
    EXPECT_TRUE(pairs.has_value()) << pairs.error().message;
    return pairs ? *std::move(pairs) : std::vector<CalibrationPair>{};
  }
  PictureIntake intake_;
};

TEST_F(CalibrationTest, TheShippedPairs) {
  const auto pairs = shipped();
  EXPECT_GE(pairs.size(), 25U);
  for (const CalibrationPair& pair : pairs) {
    EXPECT_NE(content_hash(pair.good), content_hash(pair.bad)) << pair.id;
  }
}

Agreement agreement_of(const std::vector<CalibrationPair>& pairs, ReplyingModel::Reply reply) {
  JudgeOptions options = judge_options(std::move(reply));
  options.retries = 0;
  Judge judge(std::move(options));
  const auto agreements = calibrate({}, judge, pairs, false);
  return agreements->at("");
}

TEST_F(CalibrationTest, AgreementCounts) {
  const auto pairs = shipped();
  const auto texts = static_cast<double>(std::ranges::count(pairs, false, &CalibrationPair::pictures));
  const auto same = agreement_of(
      pairs, [](const lm::GenerateRequest&) -> Result<std::string> { return R"({"text": 3, "image": 3})"; });
  EXPECT_EQ(same.right, texts / 2);
  EXPECT_LT(same.interval().first, 0.5);
  EXPECT_GT(same.interval().second, 0.5);
  const auto none = agreement_of(pairs, [](const lm::GenerateRequest&) -> Result<std::string> { return "no verdict"; });
  EXPECT_EQ(none.pairs, 0U);
  EXPECT_EQ(static_cast<double>(none.missing), texts);
  // One that knows which answers are good: those that stand there as such.
  const auto knowing = agreement_of(pairs, [&](const lm::GenerateRequest& request) -> Result<std::string> {
    const std::string asked = request.messages.back().text;
    const bool good = std::ranges::any_of(pairs, [&](const CalibrationPair& pair) {
      return !pair.pictures && text_question(pair.good).messages.back().text == asked;
    });
    return good ? R"({"text": 4, "image": 4})" : R"({"text": 2, "image": 2})";
  });
  EXPECT_EQ(knowing.share(), 1);
}

TEST(Calibration, AMistakeNamesTheLine) {
  PictureIntake intake;
  const auto pairs = read_calibration({}, "{\"id\": \"a\"}\n", {}, intake);
  ASSERT_FALSE(pairs.has_value());
  EXPECT_TRUE(pairs.error().message.starts_with("line 1: ")) << pairs.error().message;
}

}  // namespace
}  // namespace llmi::reward
