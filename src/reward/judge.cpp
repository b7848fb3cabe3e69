#include "reward/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/pause.h"
#include "base/random.h"
#include "base/sha256.h"
#include "net/retry.h"

namespace llmi::reward {
namespace {

constexpr std::size_t kMostRemembered = 50'000;
constexpr std::size_t kLongestReply = 1024;  // tokens

/// Everything that decides the reply of one and the same judge.
std::string key_of(const Question& question) {
  std::string text = question.prompt_id + (question.repair.empty() ? "" : "|repair");
  for (const lm::Message& message : question.messages) {
    text += fmt::format("|{}:{}:{}", message.role, message.text.size(), message.text);
    for (const auto& picture : message.pictures) text += fmt::format("|{}:{}", picture->bytes.size(), picture->bytes);
  }
  return sha256_hex(text);
}

lm::GenerateRequest request_of(const Question& question) {
  return {.messages = question.messages,
          .constraint = question.constraint,
          // The same question is to get the same marks.
          .sampling = {.temperature = 0},
          .max_tokens = kLongestReply};
}

std::unexpected<Error> closing() {
  return fail(ErrorCode::kCancelled, Origin::kCaller, "the judge was switched off before it replied");
}

}  // namespace

Judge::Judge(JudgeOptions options)
    : options_(std::move(options)), forward_(options_.stop, [this] { stop_.request_stop(); }) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.concurrency); ++i)
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  if (options_.hedge_after.count() > 0) workers_.emplace_back([this](const std::stop_token& stop) { hedge(stop); });
}

Judge::~Judge() {
  stop_.request_stop();
  for (std::jthread& worker : workers_) worker.request_stop();
  filled_.notify_all();
  workers_.clear();
  for (const std::shared_ptr<Job>& job : queue_)
    if (!job->answered)
      finish(*job, {.seed = options_.seed, .prompt_id = job->question.prompt_id, .error = closing().error()});
}

void Judge::ask(Deadline deadline, Question question, Done done) {
  const std::string key = key_of(question);
  std::optional<JudgeReply> known;
  {
    const std::scoped_lock lock(mutex_);
    known = remembered(key);
    if (!known) return enqueue(key, std::move(question), {deadline, std::move(done)});
  }
  done(*known);
}

void Judge::enqueue(const std::string& key, Question question, Waiter waiter) {
  std::shared_ptr<Job>& job = open_jobs_[key];
  if (job) return job->waiters.push_back(std::move(waiter));
  job = std::make_shared<Job>();
  job->key = key;
  job->question = std::move(question);
  job->waiters.push_back(std::move(waiter));
  queue_.push_back(job);
  filled_.notify_one();
}

void Judge::work(const std::stop_token& end) {
  while (const std::shared_ptr<Job> job = next(end)) {
    const std::stop_callback forward(stop_.get_token(), [&] { job->over.request_stop(); });
    const RunContext context{.deadline = latest_deadline(*job), .stop = job->over.get_token(), .seed = options_.seed};
    JudgeReply reply = put(context, job->question);
    if (!settle(*job, reply)) continue;
    job->over.request_stop();
    const bool final = reply.status == JudgeStatus::kUnreadable && job->question.repair.empty();
    if (reply.status == JudgeStatus::kOk || final) remember(job->key, reply);
    finish(*job, reply);
  }
}

std::shared_ptr<Judge::Job> Judge::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, stop, [&] { return !queue_.empty(); });
    if (stop.stop_requested() || queue_.empty()) return nullptr;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    // A hedge whose answer came before a worker was free.
    if (job->answered) continue;
    begin(job);
    return job;
  }
}

void Judge::begin(const std::shared_ptr<Job>& job) {
  if (job->asking++ > 0 || options_.hedge_after.count() == 0) return;
  job->begun = Clock::now();
  while (!unhedged_.empty() && unhedged_.front()->answered) unhedged_.pop_front();
  unhedged_.push_back(job);
  begun_.notify_one();
}

void Judge::hedge(const std::stop_token& end) {
  std::unique_lock lock(mutex_);
  while (begun_.wait(lock, end, [&] { return !unhedged_.empty(); })) {
    const std::shared_ptr<Job> job = unhedged_.front();
    const auto due = job->begun + options_.hedge_after;
    // Nothing that begins later is due earlier.
    begun_.wait_until(lock, end, due, [&] { return job->answered; });
    if (end.stop_requested()) return;
    if (!unhedged_.empty() && unhedged_.front() == job) unhedged_.pop_front();
    if (job->answered) continue;
    queue_.push_front(job);
    filled_.notify_one();
  }
}

/// Whether the reply is the question's answer: the first good one, else the last. False: it is settled elsewhere.
bool Judge::settle(Job& job, JudgeReply& reply) {
  const std::scoped_lock lock(mutex_);
  --job.asking;
  job.attempts += reply.attempts;
  if (job.answered || (reply.status == JudgeStatus::kUnavailable && job.asking > 0)) return false;
  job.answered = true;
  reply.attempts = job.attempts;
  return true;
}

Deadline Judge::latest_deadline(const Job& job) {
  const std::scoped_lock lock(mutex_);
  return std::ranges::max(job.waiters, {}, [](const Waiter& waiter) { return waiter.deadline.at(); }).deadline;
}

void Judge::finish(const Job& job, const JudgeReply& reply) {
  std::vector<Waiter> waiters;
  {
    const std::scoped_lock lock(mutex_);
    const auto open = open_jobs_.find(job.key);
    waiters = std::move(open->second->waiters);
    open_jobs_.erase(open);
  }
  JudgeReply shared = reply;
  for (const Waiter& waiter : waiters) {
    waiter.done(shared);
    shared.cached = true;
    shared.attempts = 0;
  }
}

JudgeReply Judge::put(const RunContext& context, const Question& question) {
  JudgeReply reply{.seed = options_.seed, .prompt_id = question.prompt_id};
  lm::GenerateRequest asked = request_of(question);
  for (int turn = 0; turn < (question.repair.empty() ? 1 : 2); ++turn) {
    auto text = request(context, asked, question.sees, reply);
    if (!text) {
      reply.status = JudgeStatus::kUnavailable;
      reply.error = std::move(text).error();
      return reply;
    }
    reply.reply = *std::move(text);
    reply.status = question.readable(reply.reply) ? JudgeStatus::kOk : JudgeStatus::kUnreadable;
    if (reply.status == JudgeStatus::kOk) break;
    asked.messages.push_back({"assistant", reply.reply, {}});
    asked.messages.push_back({"user", question.repair, {}});
  }
  return reply;
}

Result<std::string> Judge::request(const RunContext& context, const lm::GenerateRequest& request, bool sees,
                                   JudgeReply& reply) {
  const net::RetryPolicy policy{.first_delay = options_.first_delay};
  for (std::size_t tries = 1;; ++tries) {
    LLMI_CHECK_OK(context.check());
    auto text = attempt(context, request, sees, reply);
    if (text || !text.error().retryable || tries > options_.retries) return text;
    const double jitter = Random(random_seed()).unit();
    const auto wait = std::max(net::backoff(policy, static_cast<int>(tries) + 1, jitter), text.error().retry_after);
    if (context.deadline.remaining() < wait) return text;
    LLMI_CHECK_OK(pause(context, wait));
  }
}

Result<std::string> Judge::attempt(const RunContext& context, const lm::GenerateRequest& request, bool sees,
                                   JudgeReply& reply) {
  const RunContext capped = context.capped(options_.timeout);
  ++reply.attempts;
  LLMI_TRY(lm::LanguageModel * model, this->model(capped));
  reply.model = model->id();
  if (sees && !model->capabilities().sees)
    return invalid_argument(fmt::format("the model {} does not see pictures and cannot judge them", model->id()));
  std::string text;
  auto result = model->generate(capped, request, [&](std::string_view piece) {
    text += piece;
    return lm::Flow::kContinue;
  });
  if (!result) return std::unexpected(std::move(result).error());
  if (result->finish == lm::FinishReason::kStopped) return closing();
  if (result->finish != lm::FinishReason::kDeadline) return text;
  auto late = fail(ErrorCode::kTimeout, Origin::kModel, fmt::format("the judge {} did not reply in time", model->id()));
  late.error().retryable = true;
  return late;
}

Result<lm::LanguageModel*> Judge::model(const RunContext& context) {
  const std::scoped_lock lock(opening_);
  if (!model_) {
    LLMI_TRY(model_, options_.open(context));
  }
  return model_.get();
}

std::optional<JudgeReply> Judge::remembered(const std::string& key) const {
  const auto found = known_.find(key);
  if (found == known_.end()) return std::nullopt;
  JudgeReply reply = found->second;
  reply.cached = true;
  reply.attempts = 0;
  return reply;
}

void Judge::remember(const std::string& key, const JudgeReply& reply) {
  const std::scoped_lock lock(mutex_);
  if (!known_.emplace(key, reply).second) return;
  known_order_.push_back(key);
  if (known_order_.size() <= kMostRemembered) return;
  known_.erase(known_order_.front());
  known_order_.pop_front();
}

}  // namespace llmi::reward
