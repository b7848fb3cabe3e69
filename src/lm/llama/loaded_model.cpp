#include "lm/llama/loaded_model.h"

#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "lm/llama/backend_log.h"
#include "lm/llama/gguf_file.h"
#include "lm/llama/offload.h"
#include "lm/llama/processor.h"

namespace llmi::lm {
namespace {

constexpr std::uint32_t kMinContextTokens = 64;
constexpr std::uint32_t kMaxParallel = 64;
constexpr std::uint32_t kBatchTokens = 512;

Result<void> check_options(const LlamaOptions& options) {
  if (options.max_parallel < 1 || options.max_parallel > kMaxParallel)
    return invalid_argument(fmt::format("the number of parallel requests must be 1 to {}", kMaxParallel));
  if (options.context_tokens != 0 && options.context_tokens < kMinContextTokens)
    return invalid_argument(fmt::format("the context must hold at least {} tokens", kMinContextTokens));
  if (options.threads > GGML_MAX_N_THREADS)
    return invalid_argument(fmt::format("at most {} threads are possible", GGML_MAX_N_THREADS));
  return {};
}

/// `trained`: the longest context that the model knows; 0: unknown.
llama_context_params context_params(const LlamaOptions& options, std::uint32_t trained) {
  llama_context_params params = llama_context_default_params();
  const std::uint32_t usual = std::min(trained != 0 ? trained : kDefaultContextTokens, kDefaultContextTokens);
  params.n_ctx = options.context_tokens != 0 ? options.context_tokens : usual;
  params.n_batch = std::max(kBatchTokens, options.max_parallel);
  params.n_ubatch = params.n_batch;
  params.n_seq_max = options.max_parallel;
  params.n_outputs_max = options.max_parallel;
  params.kv_unified = true;
  params.n_threads = static_cast<int>(options.threads != 0 ? options.threads : usable_cores());
  params.n_threads_batch = params.n_threads;
  params.no_perf = true;
  return params;
}

}  // namespace

void LoadedModel::Free::operator()(llama_model* model) const { llama_model_free(model); }
void LoadedModel::Free::operator()(llama_context* context) const { llama_free(context); }
void LoadedModel::Free::operator()(ggml_threadpool* pool) const { ggml_threadpool_free(pool); }

LoadedModel::LoadedModel() = default;
LoadedModel::LoadedModel(LoadedModel&&) noexcept = default;
LoadedModel& LoadedModel::operator=(LoadedModel&&) noexcept = default;
LoadedModel::~LoadedModel() = default;

Result<LoadedModel> LoadedModel::load(const LlamaOptions& options) {
  LLMI_CHECK_OK(check_options(options));
  LLMI_CHECK_OK(check_processor(processor_features()));
  LoadedModel loaded;
  LLMI_CHECK_OK(loaded.load_weights(options));
  LLMI_CHECK_OK(loaded.load_adapters(options));
  LLMI_CHECK_OK(loaded.make_context(options));
  return loaded;
}

Result<void> LoadedModel::load_weights(const LlamaOptions& options) {
  LLMI_CHECK_OK(check_gguf(options.path, "model"));
  const BackendLog log;
  // The picture encoder has its place beside the model.
  std::error_code none;
  const std::uintmax_t encoder = options.mmproj.empty() ? 0 : std::filesystem::file_size(options.mmproj, none);
  const Offload offload(options.path, context_params(options, kDefaultContextTokens), none ? 0 : encoder);
  model_.reset(llama_model_load_from_file(options.path.c_str(), offload.params()));
  if (model_ == nullptr) return gguf_error(options.path, "model", log);
  vocabulary_ = llama_model_get_vocab(model_.get());
  if (!llama_model_has_decoder(model_.get()) || llama_model_has_encoder(model_.get()) ||
      llama_vocab_type(vocabulary_) == LLAMA_VOCAB_TYPE_NONE)
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("{} is not a model that writes text; choose a chat model", options.path.string()));
  return {};
}

Result<void> LoadedModel::load_adapters(const LlamaOptions& options) {
  for (const LoraFile& lora : options.loras) {
    LLMI_CHECK_OK(check_gguf(lora.path, "LoRA adapter"));
    const BackendLog log;
    llama_adapter_lora* adapter = llama_adapter_lora_init(model_.get(), lora.path.c_str());
    if (adapter == nullptr) {
      auto error = gguf_error(lora.path, "LoRA adapter", log);
      error.error().message += fmt::format(" (the model is {})", options.path.filename().string());
      return error;
    }
    adapters_.push_back(adapter);
  }
  return {};
}

Result<void> LoadedModel::make_context(const LlamaOptions& options) {
  const BackendLog log;
  const auto trained = static_cast<std::uint32_t>(std::max(0, llama_model_n_ctx_train(model_.get())));
  const llama_context_params params = context_params(options, trained);
  context_.reset(llama_init_from_model(model_.get(), params));
  if (context_ == nullptr) {
    auto error = fail(ErrorCode::kUnavailable, Origin::kCaller,
                      fmt::format("no memory for a context of {} tokens of {}; ask for a smaller one", params.n_ctx,
                                  options.path.filename().string()));
    error.error().context = log.lines();
    return error;
  }
  ggml_threadpool_params pool = ggml_threadpool_params_default(params.n_threads);
  threads_.reset(ggml_threadpool_new(&pool));
  if (threads_ != nullptr) llama_attach_threadpool(context_.get(), threads_.get(), nullptr);
  std::vector<float> scales;
  for (const LoraFile& lora : options.loras) scales.push_back(lora.scale);
  if (llama_set_adapters_lora(context_.get(), adapters_.data(), adapters_.size(), scales.data()) != 0)
    return internal_error("the LoRA adapters were loaded but could not be switched on");
  return {};
}

std::uint32_t LoadedModel::context_tokens() const { return llama_n_ctx(context_.get()); }
std::uint64_t LoadedModel::parameters() const { return llama_model_n_params(model_.get()); }

std::vector<Token> LoadedModel::tokenize(std::string_view text, bool special) const {
  std::vector<Token> tokens(text.size() + 2);
  const auto convert = [&] {
    return llama_tokenize(vocabulary_, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                          static_cast<std::int32_t>(tokens.size()), special, special);
  };
  std::int32_t count = convert();
  if (count < 0) {
    tokens.resize(static_cast<std::size_t>(-count));
    count = convert();
  }
  tokens.resize(static_cast<std::size_t>(std::max(0, count)));
  return tokens;
}

std::string LoadedModel::piece(Token token) const {
  std::string bytes(32, '\0');
  const auto convert = [&] {
    return llama_token_to_piece(vocabulary_, token, bytes.data(), static_cast<std::int32_t>(bytes.size()), 0, false);
  };
  std::int32_t size = convert();
  if (size < 0) {
    bytes.resize(static_cast<std::size_t>(-size));
    size = convert();
  }
  bytes.resize(static_cast<std::size_t>(std::max(0, size)));
  return bytes;
}

}  // namespace llmi::lm
