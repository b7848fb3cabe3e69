#include "lm/llama/engine.h"

#include <llama.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "lm/llama/picture_reader.h"
#include "lm/llama/text_stream.h"
#include "lm/llama/token_sampler.h"

namespace llmi::lm {
namespace {

// Text that a request may be ahead of its sink.
constexpr std::size_t kAheadBytes = 4096;
// Prompt tokens read in one step while other requests write, so that those go on.
constexpr std::size_t kPromptBesideWriters = 128;

/// Tokens that end in a mark at which a repetition starts afresh: lines, quotes, list and emphasis marks.
std::vector<Token> find_breakers(const LoadedModel& model) {
  std::vector<Token> breakers;
  const std::int32_t count = llama_vocab_n_tokens(model.vocabulary());
  for (Token token = 0; token < count; ++token) {
    const std::string piece = model.piece(token);
    if (!piece.empty() && std::string_view("\n:\"*").find(piece.back()) != std::string_view::npos)
      breakers.push_back(token);
  }
  return breakers;
}

}  // namespace

/// A request on its way. Everything but `abandoned` and `request` is guarded by the engine's mutex.
struct Engine::Job {
  EngineRequest request;
  std::uint64_t seed = 0;
  std::atomic<bool> abandoned = false;  // the caller has gone
  std::condition_variable_any news;
  std::string text;  // written, not yet given to the sink
  std::optional<Result<FinishReason>> outcome;
  GenerateResult counts;
};

/// The engine thread's side of a running request.
struct Engine::Writer {
  std::shared_ptr<Job> job;
  int sequence = 0;
  TokenSampler sampler;
  TextStream stream;
  std::optional<Token> next;  // drawn, not yet in the memory; empty while the prompt is read
  std::size_t written = 0;
  std::int32_t logits_at = -1;  // this step's place in the batch
  bool done = false;

  /// The position of a place of its sequence.
  [[nodiscard]] std::size_t position(std::size_t place) const { return job->request.prompt.position(place); }
};

/// The tokens of one step.
class Engine::Batch {
 public:
  explicit Batch(std::int32_t capacity) : batch_(llama_batch_init(capacity, 0, 1)), capacity_(capacity) {}
  ~Batch() { llama_batch_free(batch_); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void clear() { batch_.n_tokens = 0; }
  [[nodiscard]] std::int32_t size() const { return batch_.n_tokens; }
  [[nodiscard]] std::int32_t room() const { return capacity_ - batch_.n_tokens; }
  void add(Token token, std::size_t position, int sequence, bool logits) {
    const std::int32_t i = batch_.n_tokens++;
    batch_.token[i] = token;
    batch_.pos[i] = static_cast<llama_pos>(position);
    batch_.n_seq_id[i] = 1;
    batch_.seq_id[i][0] = sequence;
    batch_.logits[i] = static_cast<std::int8_t>(logits);
  }
  [[nodiscard]] const llama_batch& raw() const { return batch_; }

 private:
  llama_batch batch_;
  std::int32_t capacity_;
};

Engine::Engine(LoadedModel model, std::uint32_t max_parallel)
    : model_(std::move(model)),
      dry_breakers_(find_breakers(model_)),
      sequences_(max_parallel, model_.context_tokens(),
                 !llama_model_is_recurrent(model_.model()) && !llama_model_is_hybrid(model_.model())),
      batch_(std::make_unique<Batch>(static_cast<std::int32_t>(llama_n_batch(model_.context())))),
      thread_choice_(static_cast<std::uint32_t>(llama_n_threads(model_.context()))) {
  const auto abort = [](void* engine) { return static_cast<const Engine*>(engine)->batch_is_abandoned(); };
  llama_set_abort_callback(model_.context(), abort, this);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Engine::~Engine() {
  thread_.request_stop();
  thread_.join();
}

// ---- the caller's side

Result<GenerateResult> Engine::run(const RunContext& context, EngineRequest request, const TextSink& sink) {
  const auto job = std::make_shared<Job>();
  job->counts.prompt_tokens = request.prompt.tokens.size();
  job->request = std::move(request);
  job->seed = context.seed;
  struct Leave {
    Engine& engine;
    Job& job;
    ~Leave() {
      const std::scoped_lock lock(engine.mutex_);
      job.abandoned = true;
      engine.work_.notify_one();
    }
  } leave{*this, *job};
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(job);
  }
  work_.notify_one();
  return follow(context, *job, sink);
}

Result<GenerateResult> Engine::follow(const RunContext& context, Job& job, const TextSink& sink) {
  const auto early = [&](FinishReason reason) {
    GenerateResult result = job.counts;
    result.finish = reason;
    return result;
  };
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto news = [&] { return !job.text.empty() || job.outcome.has_value(); };
    if (context.deadline.is_never()) {
      job.news.wait(lock, context.stop, news);
    } else {
      job.news.wait_until(lock, context.stop, context.deadline.at(), news);
    }
    if (context.cancelled()) return early(FinishReason::kStopped);
    if (context.deadline.passed()) return early(FinishReason::kDeadline);
    if (job.text.empty()) break;
    const std::string text = std::exchange(job.text, {});
    lock.unlock();
    if (text.size() >= kAheadBytes) work_.notify_one();
    const Flow flow = sink(text);
    lock.lock();
    if (flow == Flow::kStop) return early(FinishReason::kStopped);
  }
  if (!*job.outcome) return std::unexpected(job.outcome->error());
  return early(**job.outcome);
}

// ---- the engine's side

void Engine::work(const std::stop_token& stop) {
  while (take_jobs(stop)) step();
  const std::scoped_lock lock(mutex_);
  for (const auto& writer : writers_) end(*writer, FinishReason::kStopped);
  for (const auto& job : queue_) {
    job->outcome = FinishReason::kStopped;
    job->news.notify_all();
  }
}

/// Waits until a request can go on. False when the engine stops.
bool Engine::take_jobs(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  work_.wait(lock, stop, [&] {
    drop_abandoned();
    admit_queued();
    return std::any_of(writers_.begin(), writers_.end(), [&](const auto& writer) { return can_step(*writer); });
  });
  return !stop.stop_requested();
}

void Engine::drop_abandoned() {
  for (const auto& writer : writers_)
    if (writer->job->abandoned && !writer->done) end(*writer, FinishReason::kStopped);
  std::erase_if(writers_, [](const auto& writer) { return writer->done; });
  std::erase_if(queue_, [](const auto& job) { return job->abandoned.load(); });
}

void Engine::admit_queued() {
  while (!queue_.empty()) {
    const EngineRequest& request = queue_.front()->request;
    const auto placement = sequences_.place(request.prompt.tokens, request.max_tokens);
    if (!placement) return;
    start(queue_.front(), *placement);
    queue_.pop_front();
  }
}

void Engine::start(const std::shared_ptr<Job>& job, const Placement& placement) {
  llama_memory_t memory = llama_get_memory(model_.context());
  const auto kept = static_cast<llama_pos>(job->request.prompt.position(placement.kept));
  if (placement.copy_from) {
    llama_memory_seq_rm(memory, placement.sequence, -1, -1);
    llama_memory_seq_cp(memory, *placement.copy_from, placement.sequence, 0, kept);
  } else {
    llama_memory_seq_rm(memory, placement.sequence, kept, -1);
  }
  for (const int dropped : placement.dropped) llama_memory_seq_rm(memory, dropped, -1, -1);
  job->counts.cached_prompt_tokens = placement.kept;
  writers_.push_back(std::make_unique<Writer>(Writer{
      .job = job,
      .sequence = placement.sequence,
      .sampler = TokenSampler(job->request.sampling, job->seed, dry_breakers_),
      .stream = TextStream(job->request.stop),
      .next = {},
      .written = 0,
      .logits_at = -1,
      .done = false,
  }));
}

bool Engine::can_step(const Writer& writer) const { return writer.job->text.size() < kAheadBytes; }

void Engine::step() {
  if (read_picture()) return;
  fill_batch();
  if (batch_->size() == 0 || !decode()) return;
  book_batch();
  for (const auto& writer : writers_)
    if (writer->logits_at >= 0) write_token(*writer);
}

/// The next picture of a prompt; its embeddings share no batch with tokens. False when no prompt stands before one.
bool Engine::read_picture() {
  for (const auto& writer : writers_) {
    const std::size_t place = sequences_.length(writer->sequence);
    const PicturePart* part = writer->next ? nullptr : writer->job->request.prompt.picture_at(place);
    if (part == nullptr) continue;
    const auto status = part->picture->decode(model_.context(), writer->position(place), writer->sequence);
    if (!succeeded(status)) return true;
    for (std::size_t i = 0; i < part->cells; ++i) sequences_.append(writer->sequence, part->picture->mark());
    return true;
  }
  return false;
}

void Engine::fill_batch() {
  batch_->clear();
  const std::scoped_lock lock(mutex_);
  for (const auto& writer : writers_) {
    writer->logits_at = -1;
    if (!writer->next || !can_step(*writer)) continue;
    writer->logits_at = batch_->size();
    batch_->add(*writer->next, writer->position(sequences_.length(writer->sequence)), writer->sequence, true);
  }
  std::int32_t room =
      batch_->size() == 0 ? batch_->room() : std::min<std::int32_t>(batch_->room(), kPromptBesideWriters);
  for (const auto& writer : writers_) {
    if (writer->next) continue;
    const auto& tokens = writer->job->request.prompt.tokens;
    for (std::size_t at = sequences_.length(writer->sequence); at < tokens.size() && tokens[at] >= 0 && room > 0;
         ++at, --room) {
      const bool last = at + 1 == tokens.size();
      if (last) writer->logits_at = batch_->size();
      batch_->add(tokens[at], writer->position(at), writer->sequence, last);
    }
  }
}

bool Engine::batch_is_abandoned() const {
  return std::all_of(writers_.begin(), writers_.end(),
                     [](const auto& writer) { return writer->job->abandoned.load(); });
}

bool Engine::decode() {
  const auto threads = static_cast<std::int32_t>(thread_choice_.threads());
  if (threads != llama_n_threads(model_.context())) llama_set_n_threads(model_.context(), threads, threads);
  // A part of a prompt says nothing about the time that one token takes.
  const bool writing = batch_->size() == 1 && writers_.front()->next.has_value();
  const auto begin = Clock::now();
  const std::int32_t status = llama_decode(model_.context(), batch_->raw());
  if (status == 0 && writing) thread_choice_.observe(Clock::now() - begin);
  return succeeded(status);
}

/// What llama_decode says; on failure the requests are ended, unless nobody waits for them any more.
bool Engine::succeeded(std::int32_t status) {
  if (status == 0) return true;
  // Whatever part of the batch got into the memory is not in the books.
  for (const auto& writer : writers_)
    llama_memory_seq_rm(llama_get_memory(model_.context()), writer->sequence,
                        static_cast<llama_pos>(writer->position(sequences_.length(writer->sequence))), -1);
  if (status == 1)
    fail_batch({.code = ErrorCode::kResourceExhausted,
                .message = "the model's context is full; ask for a larger one or fewer requests at a time",
                .origin = Origin::kModel,
                .retryable = true,
                .context = {}});
  if (status < 0)
    fail_batch({.code = ErrorCode::kInternal,
                .message = "the language model engine failed in a step",
                .origin = Origin::kInternal,
                .retryable = false,
                .context = {}});
  return false;
}

void Engine::fail_batch(const Error& error) {
  const std::scoped_lock lock(mutex_);
  for (const auto& writer : writers_) end(*writer, std::unexpected(error));
}

void Engine::book_batch() {
  const llama_batch& batch = batch_->raw();
  for (std::int32_t i = 0; i < batch.n_tokens; ++i) sequences_.append(batch.seq_id[i][0], batch.token[i]);
}

void Engine::write_token(Writer& writer) {
  const auto vocabulary_size = static_cast<std::size_t>(llama_vocab_n_tokens(model_.vocabulary()));
  const std::span logits(llama_get_logits_ith(model_.context(), writer.logits_at), vocabulary_size);
  OutputConstraint& constraint = *writer.job->request.constraint;
  const auto token = writer.sampler.sample(logits, constraint);
  if (!token) {
    const std::scoped_lock lock(mutex_);
    end(writer, invalid_argument("the grammar asks for text that this model has no tokens for"));
    return;
  }
  if (llama_vocab_is_eog(model_.vocabulary(), *token)) return finish(writer, FinishReason::kEnd);
  writer.sampler.accept(*token);
  constraint.accept(*token);
  writer.next = token;
  ++writer.written;
  const std::string text = writer.stream.push(model_.piece(*token));
  const bool last = writer.written >= writer.job->request.max_tokens;
  hand_over(writer, text);
  if (writer.stream.stopped()) return finish(writer, FinishReason::kEnd);
  if (last) finish(writer, FinishReason::kLength);
}

void Engine::hand_over(Writer& writer, const std::string& text) {
  const std::scoped_lock lock(mutex_);
  writer.job->counts.completion_tokens = writer.written;
  if (text.empty()) return;
  writer.job->text += text;
  writer.job->news.notify_all();
}

void Engine::finish(Writer& writer, FinishReason reason) {
  hand_over(writer, writer.stream.finish());
  const std::scoped_lock lock(mutex_);
  end(writer, reason);
}

/// Under the mutex.
void Engine::end(Writer& writer, Result<FinishReason> outcome) {
  if (writer.done) return;
  writer.done = true;
  sequences_.release(writer.sequence);
  writer.job->outcome = std::move(outcome);
  writer.job->news.notify_all();
}

}  // namespace llmi::lm
