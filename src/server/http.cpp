#include "server/http.h"

#include <nlohmann/json.hpp>

namespace llmi::server {

HttpReply error_reply(int status, std::string_view code, std::string_view message) {
  using Json = nlohmann::ordered_json;
  const Json json{{"error", {{"code", code}, {"message", message}}}};
  return {.status = status, .body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

HttpReply error_reply(const Error& error) { return error_reply(http_status(error), name(error.code), error.message); }

}  // namespace llmi::server
