#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/pictures/backend.h"

namespace llmi::tools::pictures {

using Json = nlohmann::json;

/// A part of a multipart form.
struct FormPart {
  std::string name;
  std::string value;
  std::string file_name;   ///< Empty: a plain field.
  std::string media_type;  ///< Of files.
};

/// Calls to the studio's server, with its key, retries and readable errors. Paths are whole URLs.
[[nodiscard]] Result<Json> post_json(const Studio& studio, const std::string& url, const Json& body);
[[nodiscard]] Result<Json> post_form(const Studio& studio, const std::string& url, const std::vector<FormPart>& parts);
[[nodiscard]] Result<Json> get_json(const Studio& studio, const std::string& url);
[[nodiscard]] Result<std::string> get_bytes(const Studio& studio, const std::string& url);
/// For what may fail without consequence (cancelling): one try of at most two seconds, also after the run's own end.
void notify(const Studio& studio, const std::string& url, const Json& body);

/// The bytes of a picture in a reply: base64 text, a data URI, or a URL (relative ones at the server), which is fetched
/// under the address guard. Errors: kUnreadable, kForbidden, kUnavailable.
[[nodiscard]] Result<std::string> picture_bytes(const Studio& studio, const std::string& text);

/// The picture of one entry of `data` in OpenAI's shape: {"b64_json"} or {"url"}.
[[nodiscard]] Result<std::string> openai_picture(const Studio& studio, const Json& reply);

/// "data:image/png;base64,…".
[[nodiscard]] std::string data_uri(const image::Picture& picture);

/// The reply has not the API's shape.
[[nodiscard]] std::unexpected<Error> unreadable(const Studio& studio, std::string_view what);

}  // namespace llmi::tools::pictures
