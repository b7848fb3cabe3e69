#include "server/score_desk.h"

#include <optional>
#include <utility>

namespace llmi::server {
namespace {

constexpr std::size_t kMostRemembered = 20'000;

reward::Score too_late(const std::string& id, reward::Variant variant) {
  return {.id = id,
          .status = reward::ScoreStatus::kUnavailable,
          .variant = variant,
          .error = reward::ScoreError{"deadline", "the request's deadline passed before the score was there"}};
}

/// A score that was made for somebody else.
void mark_known(reward::Score& score) {
  for (reward::JudgeRecord* record : {&score.llm, &score.mllm}) {
    if (record->part != reward::JudgeRecord::Part::kAsked) continue;
    record->reply.cached = true;
    record->reply.attempts = 0;
  }
}

}  // namespace

/// The samples of one request.
class ScoreDesk::Batch {
 public:
  Batch(const std::vector<reward::Sample>& samples, reward::Variant variant, Done done)
      : variant_(variant), done_(std::move(done)), scores_(samples.size()), open_(samples.size()) {
    for (const reward::Sample& sample : samples) ids_.push_back(sample.id);
  }

  /// True when it was the last.
  bool put(std::size_t place, reward::Score score) {
    std::unique_lock lock(mutex_);
    if (closed_) return false;
    score.id = ids_[place];
    scores_[place] = std::move(score);
    if (--open_ > 0) return false;
    close(lock);
    return true;
  }

  void deadline_passed() {
    std::unique_lock lock(mutex_);
    if (!closed_) close(lock);
  }

 private:
  void close(std::unique_lock<std::mutex>& lock) {
    closed_ = true;
    lock.unlock();
    std::vector<reward::Score> scores;
    for (std::size_t i = 0; i < scores_.size(); ++i)
      scores.push_back(scores_[i] ? *std::move(scores_[i]) : too_late(ids_[i], variant_));
    done_(std::move(scores));
  }

  reward::Variant variant_;
  Done done_;
  std::mutex mutex_;
  std::vector<std::string> ids_;
  std::vector<std::optional<reward::Score>> scores_;
  std::size_t open_;
  bool closed_ = false;
};

ScoreDesk::ScoreDesk(Options options, Metrics& metrics)
    : options_(options), metrics_(metrics), pool_(options.threads) {}

void ScoreDesk::close() {
  stop_.request_stop();
  pool_.close();
}

std::size_t ScoreDesk::open() const {
  const std::scoped_lock lock(mutex_);
  return open_;
}

bool ScoreDesk::score(std::vector<reward::Sample> samples, reward::Variant variant, Deadline deadline, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (open_ + samples.size() > options_.max_open) return false;
    open_ += samples.size();
  }
  if (samples.empty()) {
    done({});
    return true;
  }
  const auto batch = std::make_shared<Batch>(samples, variant, std::move(done));
  const auto alarm = clock_.set(deadline, [batch] { batch->deadline_passed(); });
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto finish = [this, batch, i, alarm](const reward::Score& score) {
      metrics_.count_sample(name(score.status));
      {
        const std::scoped_lock lock(mutex_);
        --open_;
      }
      if (batch->put(i, score)) clock_.cancel(alarm);
    };
    auto work = [this, sample = std::move(samples[i]), variant, finish]() mutable {
      score_one(std::move(sample), variant, finish);
    };
    // The caller may block; the samples of a larger batch take turns with those of others.
    if (samples.size() == 1) {
      work();
    } else {
      pool_.post(std::move(work));
    }
  }
  return true;
}

void ScoreDesk::score_one(reward::Sample sample, reward::Variant variant, const OneDone& done) {
  const std::string key = std::string(name(variant)) + reward::content_hash(sample);
  std::shared_ptr<const reward::Score> known;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end()) known = found->second;
    if (!known) {
      Job& job = jobs_[key];
      job.waiting.push_back(done);
      if (job.waiting.size() > 1) return;
    }
  }
  if (known) {
    reward::Score copy = *known;
    mark_known(copy);
    return done(copy);
  }
  const RunContext context{.stop = stop_.get_token()};
  options_.scorer->submit(
      context, std::move(sample), [this, key](const reward::Score& score) { finish_one(key, score); }, variant);
}

void ScoreDesk::finish_one(const std::string& key, const reward::Score& score) {
  std::vector<OneDone> waiting;
  {
    const std::scoped_lock lock(mutex_);
    const auto job = jobs_.find(key);
    waiting = std::move(job->second.waiting);
    jobs_.erase(job);
    if (score.score && known_.emplace(key, std::make_shared<const reward::Score>(score)).second) {
      known_order_.push_back(key);
      if (known_order_.size() > kMostRemembered) {
        known_.erase(known_order_.front());
        known_order_.pop_front();
      }
    }
  }
  reward::Score shared = score;
  for (const OneDone& done : waiting) {
    done(shared);
    mark_known(shared);
  }
}

}  // namespace llmi::server
