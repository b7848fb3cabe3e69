#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llmi::lm::chat {

enum class ServerKind : std::uint8_t { kOpenAi, kLlamaServer, kVllm, kSglang, kOllama };

/// How a server takes tags that can only be valid, amid free text.
enum class TagConstraint : std::uint8_t {
  kNone,           ///< It cannot: tolerant parsing and the repair turn do the work.
  kLazyGrammar,    ///< llama-server: GBNF with a trigger word.
  kStructuralTag,  ///< vLLM and SGLang (xgrammar): a JSON schema between two marks.
};

/// What differs between the servers that speak (nearly) OpenAI's chat completions.
struct ServerProfile {
  ServerKind kind;
  std::string_view name;    ///< As in the configuration.
  std::string_view suffix;  ///< The fixed part of its URLs.
  std::string_view chat;    ///< Path of the chat call behind it.
  std::string_view owner;   ///< `owned_by` in its list of models; empty: it is told apart otherwise.
  TagConstraint constraint;
  bool continues_prefix;  ///< A last message of the assistant is continued, not answered.
};

[[nodiscard]] std::span<const ServerProfile> profiles();
[[nodiscard]] const ServerProfile& profile(ServerKind kind);
/// By configured name; nothing for "auto" and unknown names.
[[nodiscard]] std::optional<ServerKind> server_kind(std::string_view name);
/// The kind whose list of models says `owner`.
[[nodiscard]] std::optional<ServerKind> kind_of_owner(std::string_view owner);

}  // namespace llmi::lm::chat
