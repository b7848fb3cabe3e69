#include "lm/llama/chat_prompt.h"

#include <chat.h>
#include <fmt/format.h>

#include <exception>

namespace llmi::lm {

struct ChatPrompt::Templates {
  common_chat_templates_ptr templates;
};

ChatPrompt::ChatPrompt(const llama_model* model)
    : templates_(std::make_unique<Templates>(common_chat_templates_init(model, ""))) {}
ChatPrompt::ChatPrompt(ChatPrompt&&) noexcept = default;
ChatPrompt::~ChatPrompt() = default;

Result<std::string> ChatPrompt::render(const GenerateRequest& request) const {
  common_chat_templates_inputs inputs;
  inputs.enable_thinking = false;
  // Templates that print today's date would make the same request give another text tomorrow.
  inputs.now = std::chrono::system_clock::time_point{};
  for (const Message& message : request.messages) {
    common_chat_msg& out = inputs.messages.emplace_back();
    out.role = message.role;
    out.content = message.text;
  }
  try {
    return common_chat_templates_apply(templates_->templates.get(), inputs).prompt + request.assistant_prefix;
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInvalidArgument, Origin::kModel,
                fmt::format("the model's chat template refuses the messages: {}", error.what()));
  }
}

}  // namespace llmi::lm
