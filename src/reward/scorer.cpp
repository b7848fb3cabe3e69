#include "reward/scorer.h"

#include <future>
#include <mutex>
#include <utility>

namespace llmi::reward {
namespace {

/// A score that waits for its judges. Whoever brings the last reply finishes it.
class Pending : public std::enable_shared_from_this<Pending> {
 public:
  Pending(Facts facts, std::string id, std::string hash, Variant variant, Scorer::Done done)
      : facts_(std::move(facts)),
        id_(std::move(id)),
        hash_(std::move(hash)),
        variant_(variant),
        done_(std::move(done)) {}

  void begin(const RunContext& context, Judge* llm, Judge* mllm, const Sample& sample) {
    const bool ask_llm = llm != nullptr && !rule_decides_text(facts_);
    const bool ask_mllm = mllm != nullptr && !rule_decides_pictures(facts_);
    llm_.part = part(llm, ask_llm);
    mllm_.part = part(mllm, ask_mllm);
    open_ = 1 + (ask_llm ? 1 : 0) + (ask_mllm ? 1 : 0);
    if (ask_llm) ask(*llm, context, text_question(sample), &Pending::llm_);
    if (ask_mllm) ask(*mllm, context, picture_question(sample), &Pending::mllm_);
    close_one();
  }

 private:
  static JudgeRecord::Part part(const Judge* judge, bool asked) {
    if (asked) return JudgeRecord::Part::kAsked;
    return judge == nullptr ? JudgeRecord::Part::kOff : JudgeRecord::Part::kRule;
  }

  void ask(Judge& judge, const RunContext& context, Question question, JudgeRecord Pending::* record) {
    // The published code takes a reply as it comes.
    if (variant_ == Variant::kPaper) question.repair.clear();
    judge.ask(context.deadline, std::move(question),
              [self = shared_from_this(), record](const JudgeReply& reply) { self->take((*self).*record, reply); });
  }

  void take(JudgeRecord& record, const JudgeReply& reply) {
    {
      const std::scoped_lock lock(mutex_);
      record.reply = reply;
    }
    close_one();
  }

  void close_one() {
    {
      const std::scoped_lock lock(mutex_);
      if (--open_ > 0) return;
    }
    Score score = evaluate(facts_, std::move(llm_), std::move(mllm_), variant_);
    score.id = std::move(id_);
    score.content_hash = std::move(hash_);
    done_(std::move(score));
  }

  Facts facts_;
  std::string id_;
  std::string hash_;
  Variant variant_;
  Scorer::Done done_;
  std::mutex mutex_;
  JudgeRecord llm_;
  JudgeRecord mllm_;
  int open_ = 0;  // replies that are awaited, and one for begin() itself
};

Score without_judges(const Sample& sample, Variant variant, const Error& error) {
  return {.id = sample.id,
          .status = ScoreStatus::kUnavailable,
          .variant = variant,
          .error = ScoreError{std::string(name(error.code)), error.message},
          .content_hash = content_hash(sample)};
}

Result<Facts> prepare(const RunContext& context, const Scorer::Options& options, Sample& sample) {
  LLMI_CHECK_OK(context.check());
  if (!sample.pictures && options.make_pictures) {
    LLMI_CHECK_OK(options.make_pictures(context, sample));
  }
  if (!sample.pictures) sample.pictures.emplace();
  return facts_of(context, *options.intake, sample);
}

}  // namespace

void Scorer::submit(const RunContext& context, Sample sample, Done done, std::optional<Variant> variant) const {
  const Variant chosen = variant.value_or(options_.variant);
  // Of the sample as it was handed in: what is sent again is recognised.
  const std::string hash = content_hash(sample);
  auto facts = prepare(context, options_, sample);
  if (!facts) return done(without_judges(sample, chosen, facts.error()));
  const auto pending = std::make_shared<Pending>(*std::move(facts), sample.id, hash, chosen, std::move(done));
  pending->begin(context, options_.llm, options_.mllm, sample);
}

Score Scorer::score(const RunContext& context, Sample sample) const {
  std::promise<Score> promise;
  auto future = promise.get_future();
  submit(context, std::move(sample), [&](Score score) { promise.set_value(std::move(score)); });
  return future.get();
}

}  // namespace llmi::reward
