#include "net/http_client.h"

#include <gtest/gtest.h>

#include "net/testing/loopback_server.h"

namespace llmi::net {
namespace {

using namespace std::chrono_literals;
using testing::LoopbackServer;
using testing::Received;
using testing::reply;

AddressGuard allowing(const LoopbackServer& server) { return AddressGuard({*parse_allowed_host(server.url())}); }

TEST(HttpClient, SendsWhatItIsGivenAndReturnsTheReply) {
  const LoopbackServer server([](const Received&) { return reply(201, "made", {{"X-Thing", " 7 "}}); });
  HttpClient client({.guard = allowing(server), .user_agent = "llmi/test"});
  const auto response = client.send({}, {.method = "POST",
                                         .url = server.url("/v1/x?y=1"),
                                         .headers = {{"Content-Type", "application/json"}},
                                         .secret_headers = {{"Authorization", "Bearer k"}},
                                         .body = "{}"});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_EQ(response->header("x-thing"), "7");
  const Received seen = server.received().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/v1/x?y=1");
  EXPECT_EQ(seen.body, "{}");
  EXPECT_EQ(seen.header("authorization"), "Bearer k");
  EXPECT_EQ(seen.header("user-agent"), "llmi/test");
  EXPECT_EQ(seen.header("expect"), "");
}

TEST(HttpClient, ConnectionsAreUsedAgain) {
  const LoopbackServer server([](const Received&) { return reply(200, "x"); });
  HttpClient client({.guard = allowing(server)});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.send({}, {.url = server.url()}));
  EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, SinkReceivesAStreamAndMayEndIt) {
  const LoopbackServer server([](const Received&) { return testing::stream("text/plain", {"a", "b", "c"}, 20ms); });
  HttpClient client({.guard = allowing(server)});
  std::string got;
  const auto whole = client.send({}, {.url = server.url()}, [&](std::string_view piece) {
    got += piece;
    return true;
  });
  ASSERT_TRUE(whole);
  EXPECT_EQ(got, "abc");
  got.clear();
  EXPECT_TRUE(client.send({}, {.url = server.url()}, [&](std::string_view piece) {
    got += piece;
    return false;
  }));
  EXPECT_EQ(got, "a");
}

TEST(HttpClient, AnErrorReplyDoesNotGoToTheSink) {
  const LoopbackServer server([](const Received&) { return reply(500, "broken"); });
  HttpClient client({.guard = allowing(server)});
  const auto response =
      client.send({}, {.url = server.url()}, [](std::string_view) -> bool { throw std::logic_error("sink"); });
  EXPECT_EQ(response->body, "broken");
}

TEST(HttpClient, BrokenConnectionsAreUnavailable) {
  const LoopbackServer server([](const Received&) { return testing::Answer{.reset_after = true}; });
  HttpClient client({.guard = allowing(server)});
  const auto reset = client.send({}, {.url = server.url()});
  EXPECT_EQ(reset.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(reset.error().retryable);
  const LoopbackServer cut([](const Received&) {
    return testing::Answer{.steps = {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"}},
                           .close_after = true};
  });
  HttpClient other({.guard = allowing(cut)});
  EXPECT_EQ(other.send({}, {.url = cut.url()}).error().code, ErrorCode::kUnavailable);
}

TEST(HttpClient, LimitsOfSizeAndSilence) {
  const LoopbackServer large([](const Received&) { return reply(200, std::string(2000, 'x')); });
  HttpClient client({.guard = allowing(large)});
  EXPECT_EQ(client.send({}, {.url = large.url(), .max_bytes = 1999}).error().code, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(client.send({}, {.url = large.url(), .max_bytes = 2000}));
  const LoopbackServer silent([](const Received&) { return testing::stream("text/plain", {"late"}, 10s); });
  HttpClient patient({.guard = allowing(silent)});
  EXPECT_EQ(patient.send({}, {.url = silent.url(), .idle_timeout = 30ms}).error().code, ErrorCode::kUnavailable);
}

TEST(HttpClient, DeadlineAndStopEndATransfer) {
  const LoopbackServer silent([](const Received&) { return testing::stream("text/plain", {"late"}, 10s); });
  HttpClient client({.guard = allowing(silent)});
  EXPECT_EQ(client.send({.deadline = Deadline::after(30ms)}, {.url = silent.url()}).error().code, ErrorCode::kTimeout);
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(client.send({.stop = stop.get_token()}, {.url = silent.url()}).error().code, ErrorCode::kCancelled);
}

TEST(HttpClient, GuardRefusesAddressesThatAreNotPublic) {
  const LoopbackServer server([](const Received&) { return reply(200, "secret"); });
  HttpClient client({});
  for (const std::string& url : {server.url(), "http://localhost:" + std::to_string(server.port()),
                                 "http://[::ffff:127.0.0.1]:" + std::to_string(server.port())}) {
    const auto response = client.send({}, {.url = url});
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kForbidden) << url;
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpClient, GuardLooksAtTheAddressThatIsConnectedTo) {
  const LoopbackServer server([](const Received&) { return reply(200, "secret"); });
  int asked = 0;
  HttpClient client({.resolver = [&](std::string_view) -> std::vector<std::string> {
    return {++asked == 1 ? "203.0.113.9" : "127.0.0.1"};
  }});
  for (int i = 0; i < 2; ++i) {
    const auto response = client.send({}, {.url = "http://pictures.example:" + std::to_string(server.port())});
    EXPECT_EQ(response.error().code, ErrorCode::kForbidden);
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpClient, GuardChecksEachRedirect) {
  const LoopbackServer inside([](const Received&) { return reply(200, "secret"); });
  const LoopbackServer outside([&](const Received&) { return reply(302, "", {{"Location", inside.url("/x")}}); });
  HttpClient client({.guard = allowing(outside)});
  EXPECT_EQ(client.send({}, {.url = outside.url(), .max_redirects = 3}).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(inside.connections(), 0U);
  EXPECT_EQ(client.send({}, {.url = outside.url()})->status, 302);
  const LoopbackServer file([](const Received&) { return reply(302, "", {{"Location", "file:///etc/passwd"}}); });
  HttpClient other({.guard = allowing(file)});
  EXPECT_FALSE(other.send({}, {.url = file.url(), .max_redirects = 3}));
}

TEST(HttpClient, SecretsDoNotFollowARedirectElsewhere) {
  const LoopbackServer second([](const Received&) { return reply(200, "x"); });
  const LoopbackServer first([&](const Received& request) {
    return reply(307, "", {{"Location", request.target == "/a" ? "/b" : second.url("/c")}});
  });
  HttpClient client({.guard = AddressGuard({*parse_allowed_host("127.0.0.1")})});
  EXPECT_TRUE(client.send({}, {.url = first.url("/a"), .secret_headers = {{"X-Key", "k"}}, .max_redirects = 5}));
  EXPECT_EQ(first.received().at(1).header("x-key"), "k");
  EXPECT_EQ(second.received().at(0).header("x-key"), "");
}

TEST(HttpClient, EndlessRedirectsEnd) {
  const LoopbackServer server([](const Received&) { return reply(302, "", {{"Location", "/again"}}); });
  HttpClient client({.guard = allowing(server)});
  EXPECT_EQ(client.send({}, {.url = server.url(), .max_redirects = 3}).error().code, ErrorCode::kRefused);
  EXPECT_EQ(server.received().size(), 4U);
}

}  // namespace
}  // namespace llmi::net
