#include "net/server_error.h"

#include <gtest/gtest.h>

namespace llmi::net {
namespace {

TEST(ServerError, MessagesOfTheKnownShapes) {
  EXPECT_EQ(reply_message(R"({"error":{"message":"no such model","type":"x"}})"), "no such model");
  EXPECT_EQ(reply_message(R"({"error":"queue full"})"), "queue full");
  EXPECT_EQ(reply_message(R"({"detail":[{"msg":"field required"}]})"), "field required");
  EXPECT_EQ(reply_message(R"({"message":"nope"})"), "nope");
  EXPECT_EQ(reply_message("plain\ntext"), "plain text");
  EXPECT_LE(reply_message(std::string(5000, 'x')).size(), 300U);
}

TEST(ServerError, KindsByStatus) {
  const HttpRequest request;
  const auto code = [&](int status, std::string body = "") {
    return status_error("it", request, {.status = status, .body = std::move(body)}).code;
  };
  EXPECT_EQ(code(429), ErrorCode::kUnavailable);
  EXPECT_EQ(code(503), ErrorCode::kUnavailable);
  EXPECT_EQ(code(401), ErrorCode::kRefused);
  EXPECT_EQ(code(400, R"({"error":{"code":"content_policy_violation","message":"Your request was rejected"}})"),
            ErrorCode::kForbidden);
}

TEST(ServerError, NoSecretsThatTheServerRepeats) {
  const HttpRequest request{.secret_headers = {{"Authorization", "Bearer sk-canary-123"}}};
  const Error error = status_error(
      "it", request,
      {.status = 401, .body = R"x({"error":{"message":"Incorrect key sk-canary-123 (sk\u002dcanary-123)"}})x"});
  EXPECT_EQ(error.message.find("sk-canary-123"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("api_key_env"), std::string::npos);
}

}  // namespace
}  // namespace llmi::net
