#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lm/language_model.h"

struct common_chat_templates;
struct llama_model;

namespace llmi::lm {

/// A model's own chat template; ChatML for models without one. Thread-safe.
class ChatPrompt {
 public:
  /// Errors: kUnreadable when the model's template cannot be read.
  [[nodiscard]] static Result<ChatPrompt> make(const llama_model* model);
  ChatPrompt(ChatPrompt&&) noexcept;
  ChatPrompt& operator=(ChatPrompt&&) noexcept;
  ~ChatPrompt();

  /// The conversation as the model reads it, up to where its answer goes on: after `assistant_prefix`.
  /// Errors: kInvalidArgument when the template refuses the messages.
  [[nodiscard]] Result<std::string> render(const std::vector<Message>& messages,
                                           std::string_view assistant_prefix) const;

 private:
  struct Free {
    void operator()(common_chat_templates* templates) const;
  };
  explicit ChatPrompt(std::unique_ptr<common_chat_templates, Free> templates);

  std::unique_ptr<common_chat_templates, Free> templates_;
};

}  // namespace llmi::lm
