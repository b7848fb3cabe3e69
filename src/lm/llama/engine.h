#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lm/language_model.h"
#include "lm/llama/loaded_model.h"
#include "lm/llama/output_constraint.h"
#include "lm/llama/prompt.h"
#include "lm/llama/sequence_table.h"
#include "lm/llama/thread_choice.h"

namespace llmi::lm {

/// A GenerateRequest in the engine's terms.
struct EngineRequest {
  Prompt prompt;  ///< Not empty.
  std::size_t max_tokens = 0;
  std::unique_ptr<OutputConstraint> constraint;
  Sampling sampling;
  std::vector<std::string> stop;
};

/// One thread that owns a model's context and writes all running requests together, a token each in every step; the
/// prompts of new ones are read between the tokens of those that already write. The destructor ends what is running.
class Engine {
 public:
  Engine(LoadedModel model, std::uint32_t max_parallel);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const LoadedModel& model() const { return model_; }

  /// Writes one output; the sink is called on this thread, and a request whose sink falls behind pauses without holding
  /// up others. Thread-safe. See LanguageModel::generate().
  [[nodiscard]] Result<GenerateResult> run(const RunContext& context, EngineRequest request, const TextSink& sink);

 private:
  struct Job;
  struct Writer;
  class Batch;

  void work(const std::stop_token& stop);
  bool take_jobs(const std::stop_token& stop);
  void drop_abandoned();
  void admit_queued();
  [[nodiscard]] bool can_step(const Writer& writer) const;
  void start(const std::shared_ptr<Job>& job, const Placement& placement);
  void step();
  bool read_picture();
  void fill_batch();
  [[nodiscard]] bool decode();
  [[nodiscard]] bool succeeded(std::int32_t status);
  void book_batch();
  void fail_batch(const Error& error);
  void write_token(Writer& writer);
  void hand_over(Writer& writer, const std::string& text);
  void finish(Writer& writer, FinishReason reason);
  void end(Writer& writer, Result<FinishReason> outcome);
  [[nodiscard]] Result<GenerateResult> follow(const RunContext& context, Job& job, const TextSink& sink);
  [[nodiscard]] bool batch_is_abandoned() const;

  LoadedModel model_;
  std::vector<Token> dry_breakers_;
  SequenceTable sequences_;
  std::unique_ptr<Batch> batch_;
  ThreadChoice thread_choice_;                    // the engine thread's own
  std::vector<std::unique_ptr<Writer>> writers_;  // the engine thread's own

  std::mutex mutex_;
  std::condition_variable_any work_;
  std::deque<std::shared_ptr<Job>> queue_;
  std::jthread thread_;  // last: stops first
};

}  // namespace llmi::lm
