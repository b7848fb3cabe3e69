#include "lm/chat/chat_stream.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "net/event_stream.h"
#include "net/server_error.h"

namespace llmi::lm::chat {
namespace {

using Json = nlohmann::json;

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

const Json& object_at(const Json& object, const char* key) {
  static const Json kNone = Json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNone;
}

}  // namespace

class ChatStream::Reader {
 public:
  explicit Reader(const TextSink& sink) : sink_(sink) {}

  bool feed(std::string_view bytes);
  Result<GenerateResult> finish(bool framed);
  [[nodiscard]] bool ended() const { return done_; }

 private:
  enum class Form : std::uint8_t { kUnknown, kEvents, kLines };

  bool take_event(const net::EventReader::Event& event);
  bool take_line(std::string_view line);
  bool take_object(const Json& object);
  bool take_checked(const Json& object);
  void take_error(const Json& object);
  void take_usage(const Json& object);
  bool write(bool thought, std::string_view text);
  bool hand_on(std::string_view text);
  void flush();

  const TextSink& sink_;
  Form form_ = Form::kUnknown;
  net::EventReader events_;
  net::LineReader lines_;
  std::string whole_;    ///< Lines of a JSON object that is spread over several.
  std::string partial_;  ///< The start of a character whose rest has not come yet.
  bool thinking_ = false;
  bool has_text_ = false;
  bool done_ = false;
  bool stopped_ = false;
  GenerateResult result_;
  std::optional<Error> error_;
};

bool ChatStream::Reader::feed(std::string_view bytes) {
  if (form_ == Form::kUnknown) {
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return true;
    form_ = bytes[first] == '{' ? Form::kLines : Form::kEvents;
  }
  const auto more = form_ == Form::kEvents ? events_.feed(bytes, [&](const auto& event) { return take_event(event); })
                                           : lines_.feed(bytes, [&](std::string_view line) { return take_line(line); });
  if (!more) error_ = more.error();
  return more && *more;
}

bool ChatStream::Reader::take_object(const Json& object) {
  try {
    return take_checked(object);
  } catch (const Json::exception& error) {
    error_ = Error{.code = ErrorCode::kUnavailable,
                   .message = fmt::format("the server's stream has not the shape of a chat: {}", error.what()),
                   .origin = Origin::kModel};
    return false;
  }
}

bool ChatStream::Reader::take_event(const net::EventReader::Event& event) {
  if (event.data == "[DONE]") {
    done_ = true;
    return false;
  }
  const Json object = Json::parse(event.data, nullptr, false);
  if (object.is_discarded()) {
    error_ = Error{.code = ErrorCode::kUnavailable,
                   .message = fmt::format("the server's stream holds what is no JSON: {}", event.data.substr(0, 80)),
                   .origin = Origin::kModel};
    return false;
  }
  return take_object(object);
}

bool ChatStream::Reader::take_line(std::string_view line) {
  if (whole_.empty() && line.find_first_not_of(" \t") == std::string_view::npos) return true;
  whole_ += line;
  const Json object = Json::parse(whole_, nullptr, false);
  if (object.is_discarded()) return true;
  whole_.clear();
  return take_object(object);
}

bool ChatStream::Reader::take_checked(const Json& object) {
  if (!object.is_object()) return true;
  if (object.contains("error") && !object["error"].is_null()) {
    take_error(object);
    return false;
  }
  take_usage(object);
  const auto choices = object.find("choices");
  const bool openai = choices != object.end() && choices->is_array();
  if (openai && choices->empty()) return true;
  const Json& choice = openai ? (*choices)[0] : object;
  if (!choice.is_object()) return true;
  // OpenAI: `delta` in streams, `message` in whole replies. Ollama: `message`.
  const Json& message = choice.contains("delta") ? object_at(choice, "delta") : object_at(choice, "message");
  for (const char* key : {"reasoning_content", "reasoning", "thinking"}) {
    if (!write(true, text_at(message, key))) return false;
  }
  if (!write(false, text_at(message, "content"))) return false;
  const std::string reason = text_at(choice, openai ? "finish_reason" : "done_reason");
  const bool ended = !reason.empty() || (!openai && object.value("done", false));
  if (reason == "length") result_.finish = FinishReason::kLength;
  if (reason == "content_filter")
    error_ = Error{.code = ErrorCode::kForbidden,
                   .message = "the model server's content filter ended the answer",
                   .origin = Origin::kModel};
  done_ = done_ || ended;
  return !error_;
}

void ChatStream::Reader::take_error(const Json& object) {
  const std::string said = net::reply_message(object.dump(-1, ' ', false, Json::error_handler_t::replace));
  error_ = Error{.code = ErrorCode::kUnavailable,
                 .message = fmt::format("the model server reported an error: {}", said),
                 .origin = Origin::kModel};
}

void ChatStream::Reader::take_usage(const Json& object) {
  const Json& usage = object_at(object, "usage");
  result_.prompt_tokens =
      std::max({result_.prompt_tokens, count_at(usage, "prompt_tokens"), count_at(object, "prompt_eval_count")});
  result_.completion_tokens =
      std::max({result_.completion_tokens, count_at(usage, "completion_tokens"), count_at(object, "eval_count")});
  result_.cached_prompt_tokens =
      std::max(result_.cached_prompt_tokens, count_at(object_at(usage, "prompt_tokens_details"), "cached_tokens"));
}

bool ChatStream::Reader::write(bool thought, std::string_view text) {
  if (text.empty()) return true;
  if (thought != thinking_) {
    flush();
    if (!hand_on(thought ? "<think>" : "</think>\n")) return false;
    thinking_ = thought;
  }
  partial_ += text;
  const std::size_t whole = valid_utf8_prefix(partial_);
  // More than three bytes that make no character are not the start of one.
  const std::size_t ready = partial_.size() - whole > 3 ? partial_.size() : whole;
  const std::string piece = partial_.substr(0, ready);
  partial_.erase(0, ready);
  has_text_ = true;
  return piece.empty() || hand_on(ready == whole ? piece : to_valid_utf8(piece));
}

bool ChatStream::Reader::hand_on(std::string_view text) {
  stopped_ = stopped_ || sink_(text) == Flow::kStop;
  return !stopped_;
}

void ChatStream::Reader::flush() {
  if (!partial_.empty() && !stopped_) static_cast<void>(hand_on(to_valid_utf8(std::exchange(partial_, {}))));
}

Result<GenerateResult> ChatStream::Reader::finish(bool framed) {
  if (!done_ && !stopped_ && !error_) {
    static_cast<void>(form_ == Form::kEvents ? events_.finish([&](const auto& event) { return take_event(event); })
                                             : lines_.finish([&](std::string_view line) { return take_line(line); }));
  }
  flush();
  if (thinking_ && !stopped_) static_cast<void>(hand_on("</think>\n"));
  if (error_) return std::unexpected(*error_);
  if (stopped_) {
    result_.finish = FinishReason::kStopped;
    return result_;
  }
  if (!done_ && (!framed || !has_text_ || !whole_.empty()))
    return fail(ErrorCode::kUnavailable, Origin::kModel, "the model server's stream broke off before its end");
  return result_;
}

ChatStream::ChatStream(const TextSink& sink) : reader_(std::make_unique<Reader>(sink)) {}
ChatStream::~ChatStream() = default;
bool ChatStream::feed(std::string_view bytes) { return reader_->feed(bytes); }
Result<GenerateResult> ChatStream::finish(bool framed) { return reader_->finish(framed); }
bool ChatStream::ended() const { return reader_->ended(); }

}  // namespace llmi::lm::chat
