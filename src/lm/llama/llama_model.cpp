#include "lm/llama/llama_model.h"

#include <fmt/format.h>
#include <llama.h>
#include <sched.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "lm/llama/chat_prompt.h"
#include "lm/llama/output.h"
#include "lm/llama/processor.h"
#include "lm/llama/sampler.h"

namespace llmi::lm {
namespace {

constexpr std::int32_t kBatch = 2048;

struct FreeModel {
  void operator()(llama_model* model) const { llama_model_free(model); }
};
struct FreeContext {
  void operator()(llama_context* context) const { llama_free(context); }
};
using ModelPtr = std::unique_ptr<llama_model, FreeModel>;
using ContextPtr = std::unique_ptr<llama_context, FreeContext>;

/// llama.cpp writes its messages to standard error; the last warning is kept for our own message instead.
class Log {
 public:
  static Log& instance() {
    static Log log;
    return log;
  }
  std::string take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(last_, {});
  }

 private:
  Log() {
    llama_log_set([](ggml_log_level level, const char* text, void* self) { static_cast<Log*>(self)->add(level, text); },
                  this);
  }
  void add(ggml_log_level level, const char* text) {
    if (level != GGML_LOG_LEVEL_ERROR) return;
    const std::scoped_lock lock(mutex_);
    last_ = text;
    while (last_.ends_with('\n')) last_.pop_back();
  }
  std::mutex mutex_;
  std::string last_;
};

std::int32_t usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

Result<ModelPtr> load_model(const LlamaOptions& options) {
  std::error_code error;
  const auto& path = options.path;
  if (!std::filesystem::exists(path, error)) return not_found(fmt::format("no model file {}", path.string()));
  if (!std::filesystem::is_regular_file(path, error))
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is not a model file", path.string()));
  Log::instance().take();
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  ModelPtr model(llama_model_load_from_file(path.c_str(), params));
  if (model == nullptr) {
    const std::string reason = Log::instance().take();
    return fail(
        ErrorCode::kUnreadable, Origin::kCaller,
        fmt::format("{} cannot be loaded as a GGUF model{}{}", path.string(), reason.empty() ? "" : ": ", reason));
  }
  return model;
}

class LlamaModel final : public LanguageModel {
 public:
  LlamaModel(const LlamaOptions& options, ModelPtr model, ContextPtr context)
      : options_(options),
        model_(std::move(model)),
        context_(std::move(context)),
        vocab_(llama_model_get_vocab(model_.get())),
        chat_(model_.get()) {
    llama_set_abort_callback(
        context_.get(), [](void* self) { return static_cast<LlamaModel*>(self)->must_stop(); }, this);
  }

  [[nodiscard]] std::string id() const override {
    return options_.id.empty() ? options_.path.stem().string() : options_.id;
  }

  [[nodiscard]] Capabilities capabilities() const override {
    return {.constrained = true,
            .lazy_constrained = true,
            .sees = false,
            .prefix = true,
            .guided_by_default = options_.guided_by_default};
  }

  [[nodiscard]] Result<void> load_loras() {
    std::vector<llama_adapter_lora*> adapters;
    std::vector<float> scales;
    for (const LoraFile& lora : options_.loras) {
      Log::instance().take();
      llama_adapter_lora* adapter = llama_adapter_lora_init(model_.get(), lora.path.c_str());
      if (adapter == nullptr)
        return fail(ErrorCode::kUnreadable, Origin::kCaller,
                    fmt::format("{} cannot be loaded as a LoRA adapter for this model: {}", lora.path.string(),
                                Log::instance().take()));
      adapters.push_back(adapter);
      scales.push_back(lora.scale);
    }
    if (!adapters.empty() &&
        llama_set_adapters_lora(context_.get(), adapters.data(), adapters.size(), scales.data()) != 0)
      return internal_error("llama.cpp refuses the LoRA adapters");
    return {};
  }

  Result<GenerateResult> generate(const RunContext& context, const GenerateRequest& request,
                                  const TextSink& sink) override {
    const std::scoped_lock lock(engine_);
    running_ = &context;
    auto result = generate_locked(context, request, sink);
    running_ = nullptr;
    return result;
  }

 private:
  [[nodiscard]] bool must_stop() const {
    return running_ != nullptr && (running_->cancelled() || running_->deadline.passed());
  }
  static FinishReason stop_reason(const RunContext& context) {
    return context.cancelled() ? FinishReason::kStopped : FinishReason::kDeadline;
  }

  [[nodiscard]] std::vector<llama_token> tokenize(const std::string& text) const {
    std::vector<llama_token> tokens(text.size() + 8);
    // Templates print the beginning-of-text token themselves where the model wants one.
    const std::int32_t count = llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()),
                                              tokens.data(), static_cast<std::int32_t>(tokens.size()), false, true);
    tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
    return tokens;
  }

  /// Reads the prompt, but for what the cache holds of it already. False when it was told to stop.
  Result<bool> read_prompt(const std::vector<llama_token>& prompt, GenerateResult& result) {
    const auto differ = std::ranges::mismatch(cached_, prompt);
    // The last token is always read again: its logits are needed.
    std::size_t known = std::min(static_cast<std::size_t>(differ.in2 - prompt.begin()), prompt.size() - 1);
    llama_memory_t memory = llama_get_memory(context_.get());
    if (!llama_memory_seq_rm(memory, 0, static_cast<llama_pos>(known), -1)) {
      llama_memory_clear(memory, false);
      known = 0;
    }
    cached_.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(known));
    result.prompt_tokens = prompt.size();
    result.cached_prompt_tokens = known;
    while (cached_.size() < prompt.size()) {
      const auto count = std::min<std::size_t>(kBatch, prompt.size() - cached_.size());
      std::vector<llama_token> part(prompt.begin() + static_cast<std::ptrdiff_t>(cached_.size()),
                                    prompt.begin() + static_cast<std::ptrdiff_t>(cached_.size() + count));
      LLMI_TRY(const bool done, decode(part));
      if (!done) return false;
    }
    return true;
  }

  /// One step of the engine; the tokens join the cache. False when it was told to stop.
  Result<bool> decode(std::vector<llama_token>& tokens) {
    const std::int32_t status =
        llama_decode(context_.get(), llama_batch_get_one(tokens.data(), static_cast<std::int32_t>(tokens.size())));
    if (status == 2) {
      // Aborted: what of the batch reached the memory is unknown, so everything behind the known tokens goes.
      llama_memory_seq_rm(llama_get_memory(context_.get()), 0, static_cast<llama_pos>(cached_.size()), -1);
      return false;
    }
    if (status != 0)
      return internal_error(fmt::format("llama.cpp failed to decode (status {}): {}", status, Log::instance().take()));
    cached_.insert(cached_.end(), tokens.begin(), tokens.end());
    return true;
  }

  Result<GenerateResult> generate_locked(const RunContext& context, const GenerateRequest& request,
                                         const TextSink& sink) {
    LLMI_TRY(const std::string text, chat_.render(request));
    const auto prompt = tokenize(text);
    const std::size_t room = llama_n_ctx(context_.get());
    if (prompt.empty() || prompt.size() + 1 >= room)
      return fail(
          ErrorCode::kInvalidArgument, Origin::kCaller,
          fmt::format("the prompt has {} tokens and the model's context {}: shorten it or raise model.context_tokens",
                      prompt.size(), room));
    LLMI_TRY(GrammarGate gate, GrammarGate::make(vocab_, request.constraint));
    GenerateResult result;
    LLMI_TRY(const bool read, read_prompt(prompt, result));
    if (!read) {
      result.finish = stop_reason(context);
      return result;
    }
    TokenSampler sampler(model_.get(), request.sampling, context.seed, std::move(gate));
    Output output(request.stop, sink);
    const std::size_t most = std::min(request.max_tokens, room - prompt.size() - 1);
    LLMI_TRY(result.finish, write(context, sampler, output, most, result.completion_tokens));
    return result;
  }

  Result<FinishReason> write(const RunContext& context, TokenSampler& sampler, Output& output, std::size_t most,
                             std::uint64_t& written) {
    for (written = 0; written < most;) {
      const llama_token token = sampler.next(context_.get());
      if (llama_vocab_is_eog(vocab_, token)) {
        output.finish();
        return FinishReason::kEnd;
      }
      ++written;
      if (output.add(piece_of(vocab_, token)) == Flow::kStop) return FinishReason::kStopped;
      std::vector<llama_token> one{token};
      bool stopped = must_stop();
      if (!stopped) {
        LLMI_TRY(const bool decoded, decode(one));
        stopped = !decoded;
      }
      if (stopped) {
        output.finish();
        return stop_reason(context);
      }
    }
    output.finish();
    return FinishReason::kLength;
  }

  const LlamaOptions options_;
  const ModelPtr model_;
  const ContextPtr context_;
  const llama_vocab* const vocab_;
  const ChatPrompt chat_;
  std::mutex engine_;
  const RunContext* running_ = nullptr;
  std::vector<llama_token> cached_;  ///< What the key-value cache holds.
};

}  // namespace

Result<std::unique_ptr<LanguageModel>> open_llama(const LlamaOptions& options) {
  LLMI_CHECK_OK(check_processor());
  Log::instance();
  LLMI_TRY(ModelPtr model, load_model(options));
  llama_context_params params = llama_context_default_params();
  const auto trained = static_cast<std::size_t>(std::max(llama_model_n_ctx_train(model.get()), 1));
  params.n_ctx = static_cast<std::uint32_t>(std::min(options.context_tokens, trained));
  params.n_batch = kBatch;
  params.n_threads = options.threads != 0 ? static_cast<std::int32_t>(options.threads) : usable_processors();
  params.n_threads_batch = params.n_threads;
  params.no_perf = true;
  ContextPtr context(llama_init_from_model(model.get(), params));
  if (context == nullptr)
    return fail(ErrorCode::kResourceExhausted, Origin::kCaller,
                fmt::format("no room for a context of {} tokens: lower model.context_tokens. {}", params.n_ctx,
                            Log::instance().take()));
  auto loaded = std::make_unique<LlamaModel>(options, std::move(model), std::move(context));
  LLMI_CHECK_OK(loaded->load_loras());
  return loaded;
}

}  // namespace llmi::lm
