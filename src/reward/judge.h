#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "lm/language_model.h"
#include "reward/question.h"

namespace llmi::reward {

enum class JudgeStatus : std::uint8_t {
  kOk,
  kUnreadable,   ///< It replied, but not with a whole verdict.
  kUnavailable,  ///< It could not be reached, refused, or was too late.
};

/// What became of a question.
struct JudgeReply {
  JudgeStatus status = JudgeStatus::kUnavailable;
  std::string reply;  ///< The last one.
  std::string model;  ///< Empty where none was reached.
  std::uint64_t seed = 0;
  std::size_t attempts = 0;  ///< Requests sent, repairs and hedges included; 0: the answer was known, or the time was
                             ///< over.
  bool cached = false;       ///< The same question was asked before, or at the same time.
  std::string prompt_id;
  std::optional<Error> error;  ///< Why it is unavailable.
};

struct JudgeOptions {
  /// Opens the model; called when the first question comes, and again until it succeeds.
  std::function<Result<std::unique_ptr<lm::LanguageModel>>(const RunContext&)> open;
  std::chrono::milliseconds timeout{30'000};  ///< Of one request.
  std::size_t retries = 3;                    ///< Further requests after one that failed but may succeed later.
  std::size_t concurrency = 8;                ///< Requests at the same time.
  /// A question without a reply after this time is put a second time, where a request is free: the first reply counts,
  /// and the other request is stopped. 0: never, for models that would only be slowed down.
  std::chrono::milliseconds hedge_after{0};
  std::uint64_t seed = 0;
  std::stop_token stop;  ///< When it is requested, what runs ends and everything is answered as unavailable.
  std::chrono::milliseconds first_delay{500};  ///< Before the first retry; doubled each time, with jitter.
};

/// A model that is asked for verdicts: many questions at once, each one put once however often it comes, and
/// remembered. Replies that cannot be read are remembered only where nothing would be repaired. All members are
/// thread-safe.
class Judge {
 public:
  explicit Judge(JudgeOptions options);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;
  /// Stops what runs, answers what waits as unavailable, and joins.
  ~Judge();

  /// Called exactly once, from a thread of the judge or from ask() itself; must not block.
  using Done = std::function<void(const JudgeReply&)>;
  /// No request begins after the deadline or outlives it.
  void ask(Deadline deadline, Question question, Done done);

 private:
  struct Waiter {
    Deadline deadline;
    Done done;
  };
  struct Job {
    std::string key;
    Question question;
    std::vector<Waiter> waiters;
    std::stop_source over;  ///< Ends what is still asked once there is an answer.
    Clock::time_point begun;
    std::size_t asking = 0;  ///< Workers that put the question.
    std::size_t attempts = 0;
    bool answered = false;
  };
  void work(const std::stop_token& end);
  void hedge(const std::stop_token& end);
  [[nodiscard]] std::shared_ptr<Job> next(const std::stop_token& stop);
  [[nodiscard]] bool settle(Job& job, JudgeReply& reply);
  void finish(const Job& job, const JudgeReply& reply);
  [[nodiscard]] Deadline latest_deadline(const Job& job);
  [[nodiscard]] JudgeReply put(const RunContext& context, const Question& question);
  [[nodiscard]] Result<std::string> request(const RunContext& context, const lm::GenerateRequest& request, bool sees,
                                            JudgeReply& reply);
  [[nodiscard]] Result<std::string> attempt(const RunContext& context, const lm::GenerateRequest& request, bool sees,
                                            JudgeReply& reply);
  [[nodiscard]] Result<lm::LanguageModel*> model(const RunContext& context);
  // Under the lock.
  void enqueue(const std::string& key, Question question, Waiter waiter);
  void begin(const std::shared_ptr<Job>& job);
  [[nodiscard]] std::optional<JudgeReply> remembered(const std::string& key) const;
  void remember(const std::string& key, const JudgeReply& reply);

  const JudgeOptions options_;
  std::stop_source stop_;  // ends requests: for the destructor and for the options' stop
  std::stop_callback<std::function<void()>> forward_;
  std::mutex opening_;  // held while the model is opened
  std::unique_ptr<lm::LanguageModel> model_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any filled_;
  std::condition_variable_any begun_;
  std::deque<std::shared_ptr<Job>> queue_;
  std::deque<std::shared_ptr<Job>> unhedged_;  // asked once, the earliest first; some are answered
  std::unordered_map<std::string, std::shared_ptr<Job>> open_jobs_;
  std::unordered_map<std::string, JudgeReply> known_;
  std::list<std::string> known_order_;  // the oldest first
  std::vector<std::jthread> workers_;
};

}  // namespace llmi::reward
