#include "lm/llama/chat_prompt.h"

#include <chat.h>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

#include "lm/llama/backend_log.h"

namespace llmi::lm {

void ChatPrompt::Free::operator()(common_chat_templates* templates) const { common_chat_templates_free(templates); }

ChatPrompt::ChatPrompt(std::unique_ptr<common_chat_templates, Free> templates) : templates_(std::move(templates)) {}
ChatPrompt::ChatPrompt(ChatPrompt&&) noexcept = default;
ChatPrompt& ChatPrompt::operator=(ChatPrompt&&) noexcept = default;
ChatPrompt::~ChatPrompt() = default;

Result<ChatPrompt> ChatPrompt::make(const llama_model* model) {
  const BackendLog log;
  try {
    return ChatPrompt(std::unique_ptr<common_chat_templates, Free>(common_chat_templates_init(model, "").release()));
  } catch (const std::exception& error) {
    return fail(
        ErrorCode::kUnreadable, Origin::kModel,
        fmt::format("the model's chat template cannot be read ({}); choose another build of the model", error.what()));
  }
}

Result<std::string> ChatPrompt::render(const std::vector<Message>& messages, std::string_view assistant_prefix) const {
  common_chat_templates_inputs inputs;
  for (const Message& message : messages) {
    common_chat_msg& entry = inputs.messages.emplace_back();
    entry.role = message.role;
    entry.content = message.text;
  }
  inputs.enable_thinking = false;
  // Only the text of the prompt is wanted: the template's tool call syntax need not be worked out.
  inputs.force_pure_content = true;
  // Some templates print the date; the prompt must not depend on it.
  inputs.now = std::chrono::system_clock::time_point{};
  try {
    return common_chat_templates_apply(templates_.get(), inputs).prompt.append(assistant_prefix);
  } catch (const std::exception& error) {
    return invalid_argument(fmt::format("the model's chat template refuses these messages: {}", error.what()));
  }
}

}  // namespace llmi::lm
