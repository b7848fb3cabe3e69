#include "agent/guided/guided_author.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lexicon/lexicon.h"
#include "tag/parser.h"

namespace llmi::agent {
namespace {

/// Says the same whatever it is asked.
class OneSentenceModel final : public lm::LanguageModel {
 public:
  explicit OneSentenceModel(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] std::string id() const override { return "one sentence"; }
  [[nodiscard]] lm::Capabilities capabilities() const override {
    return {.constrained = true, .prefix = true, .guided_by_default = true};
  }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext&, const lm::GenerateRequest&,
                                                    const lm::TextSink& sink) override {
    sink(text_);
    return lm::GenerateResult{.finish = finish, .completion_tokens = 10};
  }
  lm::FinishReason finish = lm::FinishReason::kEnd;

 private:
  std::string text_;
};

class GuidedAuthorTest : public testing::Test {
 protected:
  std::string write(const std::string& prompt, FigureCount count,
                    const std::vector<tag::Source>& tools = {tag::Source::kCode}) {
    Task task;
    task.prompt = prompt;
    task.figures = count;
    task.lexicon = &lexicon_;
    task.limits.max_model_tokens = max_tokens_;
    std::string answer;
    result_ = make_guided_author(model_, task, tools)({}, [&](std::string_view piece) {
      answer += piece;
      return ++pieces_ == stop_after_ ? lm::Flow::kStop : lm::Flow::kContinue;
    });
    return answer;
  }
  static std::vector<tag::Item> items(const std::string& answer) {
    std::vector<tag::Item> all;
    tag::Parser parser(0, [&](tag::Item item) { all.push_back(std::move(item)); });
    parser.feed(answer);
    parser.finish();
    return all;
  }
  lexicon::Lexicon lexicon_ = lexicon::Lexicon::open().value();
  OneSentenceModel model_{"People study it with care and interest."};
  std::size_t max_tokens_ = 100'000;
  std::size_t pieces_ = 0;
  std::size_t stop_after_ = 0;
  Result<lm::GenerateResult> result_;
};

TEST_F(GuidedAuthorTest, EveryTagIsValidAndTheirNumberIsTheOneAskedFor) {
  for (const char* prompt : {"Volcanoes", "A story about a fox", "it's \"quoted\" \\ and {braced}",
                             "coal 35%, gas 'x' 23%", "xqzzy", "日本の山", "\xff"}) {
    for (const std::size_t count : {1U, 3U, 12U}) {
      const std::string answer = write(prompt, {FigureCount::Kind::kExactly, count});
      const auto all = items(answer);
      EXPECT_EQ(
          std::ranges::count_if(all, [](const tag::Item& item) { return std::holds_alternative<tag::TagItem>(item); }),
          static_cast<std::ptrdiff_t>(count))
          << answer;
      EXPECT_TRUE(std::ranges::none_of(all, [](const tag::Item& item) {
        return std::holds_alternative<tag::FaultItem>(item);
      })) << answer;
      EXPECT_TRUE(answer.starts_with("# ")) << answer;
    }
  }
}

TEST_F(GuidedAuthorTest, ANumberInThePromptCountsUnlessTheCallerHasOne) {
  const auto pictures = [&](const char* prompt, FigureCount count) {
    const auto all = items(write(prompt, count));
    return std::ranges::count_if(all, [](const tag::Item& item) { return std::holds_alternative<tag::TagItem>(item); });
  };
  EXPECT_EQ(pictures("Volcanoes, with exactly two pictures", {}), 2);
  EXPECT_EQ(pictures("Volcanoes. No pictures, please.", {}), 0);
  EXPECT_EQ(pictures("Volcanoes, with exactly two pictures", {FigureCount::Kind::kExactly, 4}), 4);
  EXPECT_EQ(pictures("Volcanoes, with exactly two pictures", {FigureCount::Kind::kNone}), 0);
  EXPECT_GE(pictures("Volcanoes. No pictures, please.", {FigureCount::Kind::kSome}), 1);
}

TEST_F(GuidedAuthorTest, NoSentenceComesTwice) {
  const std::string answer = write("Volcanoes", {FigureCount::Kind::kExactly, 5});
  const std::string sentence = "People study it with care and interest.";
  const std::size_t first = answer.find(sentence);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(answer.find(sentence, first + 1), std::string::npos) << answer;
}

TEST_F(GuidedAuthorTest, AUsedUpBudgetLeavesWhatTheRulesKnow) {
  max_tokens_ = 0;
  const std::string answer = write("Volcanoes", {FigureCount::Kind::kExactly, 2});
  EXPECT_NE(answer.find("A volcano is a fissure"), std::string::npos);
  EXPECT_EQ(result_->completion_tokens, 0U);
}

TEST_F(GuidedAuthorTest, StopsWhenToldTo) {
  stop_after_ = 2;
  write("Volcanoes", {FigureCount::Kind::kExactly, 5});
  EXPECT_EQ(pieces_, 2U);
  EXPECT_EQ(result_->finish, lm::FinishReason::kStopped);
}

TEST_F(GuidedAuthorTest, APassedDeadlineEndsTheWriting) {
  model_.finish = lm::FinishReason::kDeadline;
  write("Volcanoes", {FigureCount::Kind::kExactly, 5});
  EXPECT_EQ(result_->finish, lm::FinishReason::kDeadline);
}

}  // namespace
}  // namespace llmi::agent
