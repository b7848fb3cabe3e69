#include "lm/llama/llama_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llama.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "lm/llama/chat_prompt.h"
#include "lm/llama/engine.h"
#include "lm/llama/loaded_model.h"
#include "lm/llama/picture_reader.h"

namespace llmi::lm {
namespace {

// Models below this size write no tags unaided.
constexpr std::uint64_t kGuidedBelowParameters = 1'000'000'000;

std::string identity(const LlamaOptions& options) {
  std::string id = options.path.stem().string();
  for (const LoraFile& lora : options.loras) id += fmt::format("+{}:{}", lora.path.stem().string(), lora.scale);
  return id;
}

Result<void> check_request(const GenerateRequest& request) {
  if (request.messages.empty()) return invalid_argument("a request to the model needs a message");
  if (request.max_tokens == 0) return invalid_argument("the number of tokens to write must be at least 1");
  const Sampling& sampling = request.sampling;
  if (!(sampling.temperature >= 0) || !(sampling.top_p > 0) || !(sampling.repeat_penalty > 0) ||
      !(sampling.min_p >= 0) || sampling.min_p > 1)
    return invalid_argument(
        "sampling: temperature and min_p must be at least 0, min_p at most 1, top_p and repeat_penalty above 0");
  return {};
}

/// What is read as a control token, "<|im_end|>", or as the place of a picture.
std::vector<std::string> control_texts(const LoadedModel& model) {
  std::vector<std::string> texts;
  const std::int32_t count = llama_vocab_n_tokens(model.vocabulary());
  for (Token token = 0; token < count; ++token) {
    if (!llama_vocab_is_control(model.vocabulary(), token)) continue;
    const char* text = llama_vocab_get_text(model.vocabulary(), token);
    if (text != nullptr && std::strlen(text) > 2) texts.emplace_back(text);
  }
  texts.emplace_back(PictureReader::marker());
  return texts;
}

/// Text of a message must not end its turn: a space breaks every control token in it.
std::string defused(std::string text, const std::vector<std::string>& controls) {
  for (const std::string& control : controls) {
    for (std::size_t at = text.find(control); at != std::string::npos; at = text.find(control, at))
      text.insert(at + 1, " ");
  }
  return text;
}

class LlamaModel final : public LanguageModel {
 public:
  LlamaModel(std::string id, LoadedModel model, ChatPrompt chat, std::unique_ptr<PictureReader> pictures,
             std::uint32_t max_parallel)
      : id_(std::move(id)),
        chat_(std::move(chat)),
        controls_(control_texts(model)),
        pictures_(std::move(pictures)),
        engine_(std::move(model), max_parallel) {}

  [[nodiscard]] std::string id() const override { return id_; }

  [[nodiscard]] Capabilities capabilities() const override {
    return {.constrained = true,
            .lazy_constrained = true,
            .sees = pictures_ != nullptr,
            .prefix = true,
            .guided_by_default = engine_.model().parameters() < kGuidedBelowParameters};
  }

  [[nodiscard]] Result<GenerateResult> generate(const RunContext& context, const GenerateRequest& request,
                                                const TextSink& sink) override {
    LLMI_CHECK_OK(check_request(request));
    EngineRequest order;
    LLMI_TRY(order.prompt, prompt_of(request));
    LLMI_TRY(order.max_tokens, room_for_output(order.prompt.tokens.size(), request.max_tokens));
    LLMI_TRY(order.constraint, OutputConstraint::make(engine_.model(), request.constraint, request.assistant_prefix));
    order.sampling = request.sampling;
    order.stop = request.stop;
    return engine_.run(context, std::move(order), sink);
  }

 private:
  [[nodiscard]] Result<Prompt> prompt_of(const GenerateRequest& request) const {
    std::vector<Message> messages = request.messages;
    std::vector<std::shared_ptr<const image::Picture>> shown;
    for (Message& message : messages) {
      message.text = defused(std::move(message.text), controls_);
      message.text = fmt::format("{}", fmt::join(text_around_pictures(message), PictureReader::marker()));
      shown.insert(shown.end(), message.pictures.begin(), message.pictures.end());
    }
    if (!shown.empty() && pictures_ == nullptr) return invalid_argument("this model does not see pictures");
    LLMI_TRY(const std::string text, chat_.render(messages, request.assistant_prefix));
    if (!shown.empty()) return pictures_->read(text, shown);
    return Prompt{.tokens = engine_.model().tokenize(text, true), .pictures = {}};
  }

  [[nodiscard]] Result<std::size_t> room_for_output(std::size_t prompt, std::size_t wanted) const {
    const std::size_t context = engine_.model().context_tokens();
    if (prompt == 0) return invalid_argument("the prompt is empty");
    if (prompt >= context)
      return invalid_argument(
          fmt::format("the prompt has {} tokens, but the model's context holds {}; shorten the prompt "
                      "or set a larger model.context_tokens",
                      prompt, context));
    return std::min(wanted, context - prompt);
  }

  std::string id_;
  ChatPrompt chat_;
  std::vector<std::string> controls_;
  std::unique_ptr<PictureReader> pictures_;  // null: it does not see; before the engine, which reads what it encoded
  Engine engine_;
};

}  // namespace

Result<std::unique_ptr<LanguageModel>> open_llama(const LlamaOptions& options) {
  LLMI_TRY(LoadedModel model, LoadedModel::load(options));
  LLMI_TRY(ChatPrompt chat, ChatPrompt::make(model.model()));
  std::unique_ptr<PictureReader> pictures;
  if (!options.mmproj.empty()) {
    LLMI_TRY(pictures, PictureReader::load(options.mmproj, model));
  }
  return std::make_unique<LlamaModel>(identity(options), std::move(model), std::move(chat), std::move(pictures),
                                      options.max_parallel);
}

}  // namespace llmi::lm
