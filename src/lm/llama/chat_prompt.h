#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "lm/language_model.h"

struct llama_model;

namespace llmi::lm {

/// The model's own chat template, rendered by llama.cpp's template engine. Thinking is switched off where the template
/// has a switch for it. Immutable, thread-safe.
class ChatPrompt {
 public:
  explicit ChatPrompt(const llama_model* model);
  ChatPrompt(ChatPrompt&&) noexcept;
  ~ChatPrompt();

  /// The text the model continues. Errors: kInvalidArgument when the template refuses the messages.
  [[nodiscard]] Result<std::string> render(const GenerateRequest& request) const;

 private:
  struct Templates;
  std::unique_ptr<Templates> templates_;
};

}  // namespace llmi::lm
