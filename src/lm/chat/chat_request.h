#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lm/chat/server_kind.h"
#include "lm/language_model.h"

namespace llmi::lm::chat {

/// Settings that a server may not know; when it says so, the request is sent again without them.
inline constexpr std::string_view kOptionalSettings[] = {
    "stream_options", "seed",        "top_p",           "top_k",          "min_p",
    "stop",           "temperature", "response_format", "repeat_penalty", "max_tokens"};

/// The body of a streaming chat call as JSON text. `without` names settings to leave out; where "max_tokens" is among
/// them "max_completion_tokens" takes its place (OpenAI's newer models).
[[nodiscard]] std::string request_body(ServerKind kind, std::string_view model, const GenerateRequest& request,
                                       std::uint64_t seed, std::span<const std::string> without = {});

}  // namespace llmi::lm::chat
