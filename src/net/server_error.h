#pragma once

#include <string>
#include <string_view>

#include "net/http_client.h"

namespace llmi::net {

/// `text` with the request's secrets replaced by "[secret]", wherever a server repeats them.
[[nodiscard]] std::string without_secrets(std::string text, const HttpRequest& request);

/// What an error reply says, from the shapes in use: {"error": {"message": …}}, {"error": "…"}, {"detail": …},
/// {"message": …}, or the start of the text. At most 300 bytes, one line.
[[nodiscard]] std::string reply_message(std::string_view body);

/// The error for a reply that is not 2xx: kForbidden for a refusal by content policy, kRefused for other 4xx,
/// kUnavailable for 408, 429 and 5xx. `server` names it for a person ("the model server http://…"). No secrets.
[[nodiscard]] Error status_error(std::string_view server, const HttpRequest& request, const HttpResponse& response);

}  // namespace llmi::net
