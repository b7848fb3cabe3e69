#include "tools/search/online/online_provider.h"

#include <gtest/gtest.h>

#include "net/testing/loopback_server.h"

namespace llmi::tools::online {
namespace {

using net::testing::LoopbackServer;
using net::testing::Received;
using net::testing::reply;

std::shared_ptr<net::Network> allowing(const LoopbackServer& server) {
  return std::make_shared<net::Network>(
      net::HttpClient::Options{.guard = net::AddressGuard({*net::parse_allowed_host(server.url())})});
}

TEST(OnlineProvider, SearchesAndFetches) {
  const LoopbackServer server([](const Received& request) {
    return request.target == "/a.png"
               ? reply(200, "bytes")
               : reply(200, R"({"results":[{"img_src":"/a.png","title":"A"},{"img_src":"/b.png"}]})");
  });
  const auto provider = make_online_provider(allowing(server), {.api = &kSearxng, .access = {.url = server.url()}});
  EXPECT_TRUE(provider->reachable({}));
  const auto found = provider->search({}, {.text = "fox", .limit = 1});
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->at(0).provider, "searxng");
  EXPECT_EQ(found->at(0).url, server.url("/a.png"));
  EXPECT_EQ(*provider->fetch({}, found->at(0)), "bytes");
}

TEST(OnlineProvider, RefusalsSayWhatToDo) {
  const LoopbackServer server([](const Received&) { return reply(403, "Forbidden"); });
  const auto provider = make_online_provider(allowing(server), {.api = &kSearxng, .access = {.url = server.url()}});
  const auto found = provider->search({}, {.text = "fox"});
  EXPECT_EQ(found.error().code, ErrorCode::kRefused);
  EXPECT_NE(found.error().message.find("search.formats"), std::string::npos);
}

TEST(OnlineProvider, KeysAppearInNoError) {
  const LoopbackServer server([](const Received& request) { return reply(401, "no: " + request.target); });
  const auto provider =
      make_online_provider(allowing(server), {.api = &kSerpapi, .access = {.url = server.url(), .key = "sk-canary"}});
  const auto found = provider->search({}, {.text = "fox"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message.find("sk-canary"), std::string::npos) << found.error().message;
  EXPECT_NE(server.received().at(0).target.find("api_key=sk-canary"), std::string::npos);
}

TEST(OnlineProvider, PicturesAtPrivateAddressesAreNotFetched) {
  const LoopbackServer inside([](const Received&) { return reply(200, "secret"); });
  const LoopbackServer server(
      [&](const Received&) { return reply(200, R"({"results":[{"img_src":")" + inside.url("/x") + R"("}]})"); });
  const auto provider = make_online_provider(allowing(server), {.api = &kSearxng, .access = {.url = server.url()}});
  const auto found = provider->search({}, {.text = "fox"});
  EXPECT_EQ(provider->fetch({}, found->at(0)).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(inside.connections(), 0U);
}

TEST(OnlineProvider, AUseIsToldToTheProviderAndTheKeyToNobodyElse) {
  const LoopbackServer other([](const Received&) { return reply(200, ""); });
  const LoopbackServer server([](const Received&) { return reply(200, ""); });
  const auto network = std::make_shared<net::Network>(
      net::HttpClient::Options{.guard = net::AddressGuard({*net::parse_allowed_host("127.0.0.1")})});
  const auto provider = make_online_provider(network, {.api = &kUnsplash, .access = {.url = server.url(), .key = "K"}});
  provider->used({}, {.use_url = server.url("/photos/1/download")});
  provider->used({}, {.use_url = other.url("/steal")});
  provider->used({}, {});
  EXPECT_EQ(server.received().at(0).header("authorization"), "Client-ID K");
  EXPECT_EQ(other.received().at(0).header("authorization"), "");
}

TEST(OnlineProvider, UnreachableIsNoticed) {
  const auto network = std::make_shared<net::Network>(
      net::HttpClient::Options{.resolver = [](std::string_view) { return std::vector<std::string>{"192.0.2.1"}; }});
  const auto provider = make_online_provider(network, {.api = &kCommons, .access = {.url = "https://commons.example"}});
  EXPECT_FALSE(provider->reachable({}));
}

}  // namespace
}  // namespace llmi::tools::online
