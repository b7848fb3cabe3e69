#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "lm/language_model.h"

namespace llmi::lm::chat {

/// Reads the reply of a chat call as it comes, in any of the forms in use: server-sent events with chunks in OpenAI's
/// shape, Ollama's lines of JSON, or one JSON object from a server that does not stream. Comment lines, chunks without
/// choices (usage), thoughts apart from the text (`reasoning_content`, `reasoning`, `thinking`) and errors inside the
/// stream are understood. Thoughts reach the sink between <think> and </think>, as models that write them into the text
/// do. Pieces for the sink are whole UTF-8 characters; invalid bytes become U+FFFD. Not thread-safe.
class ChatStream {
 public:
  explicit ChatStream(const TextSink& sink);
  ChatStream(const ChatStream&) = delete;
  ChatStream& operator=(const ChatStream&) = delete;
  ~ChatStream();

  /// Takes the next bytes; false when no more are wanted (the end was reached, the sink said stop, or an error came).
  [[nodiscard]] bool feed(std::string_view bytes);

  /// What the stream came to. `framed`: HTTP vouches that the body is whole, so that a missing end mark is no break.
  /// Errors: kUnavailable (the stream broke, or reported an error), kResourceExhausted, kForbidden (content policy).
  [[nodiscard]] Result<GenerateResult> finish(bool framed);

  /// The end mark or a finish reason has come: whatever happens to the connection now, the answer is whole.
  [[nodiscard]] bool ended() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace llmi::lm::chat
