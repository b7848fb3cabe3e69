#include "hub/download.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <charconv>

#include "base/file.h"
#include "base/sha256.h"
#include "hub/part_file.h"
#include "net/testing/loopback_server.h"

namespace llmi::hub {
namespace {

using net::testing::Answer;
using net::testing::LoopbackServer;
using net::testing::Received;
using net::testing::reply;

const std::string kContent = [] {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += fmt::format("{} ", i);
  return text;
}();

struct Hub {
  explicit Hub(LoopbackServer::Handler handler)
      : server(std::move(handler)), network({.guard = net::AddressGuard({*net::parse_allowed_host("127.0.0.1")})}) {}

  Download download() {
    return {.url = file_url(server.url(), "me/model", "m.gguf"),
            .token = "tok",
            .target = folder.path() / "models" / "m.gguf"};
  }

  TemporaryFolder folder = *TemporaryFolder::make();
  LoopbackServer server;
  net::Network network;
};

std::size_t range_start(const Received& request) {
  const std::string range = request.header("range");
  std::size_t start = 0;
  if (range.starts_with("bytes=")) std::from_chars(range.data() + 6, range.data() + range.size(), start);
  return start;
}

Answer head(const std::string& sum = sha256_hex(kContent)) {
  return {.steps = {{.bytes = fmt::format("HTTP/1.1 302 x\r\nLocation: /cdn\r\nX-Linked-Size: {}\r\nX-Linked-Etag: "
                                          "\"{}\"\r\nContent-Length: 0\r\n\r\n",
                                          kContent.size(), sum)}}};
}

/// The hub: sends to its store, which sends the asked-for range.
Answer hub(const Received& request) {
  if (request.method == "HEAD") return head();
  if (request.target != "/cdn") return reply(302, "", {{"Location", "/cdn"}});
  const std::size_t start = range_start(request);
  return reply(start > 0 ? 206 : 200, std::string_view(kContent).substr(start));
}

TEST(Download, FetchesAndChecks) {
  Hub one(hub);
  const Download download = one.download();
  std::uint64_t seen = 0;
  Download watched = download;
  watched.progress = [&](std::uint64_t have, std::uint64_t) { seen = have; };
  const auto file = fetch({}, one.network, watched);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*read_file(download.target), kContent);
  EXPECT_EQ(seen, kContent.size());
  EXPECT_EQ(file->sha256, sha256_hex(kContent));
  EXPECT_FALSE(std::filesystem::exists(download.target.string() + ".part"));
  EXPECT_EQ(one.server.received().at(0).target, "/me/model/resolve/main/m.gguf");
}

TEST(Download, GoesOnWhereItEnded) {
  Hub one(hub);
  const Download download = one.download();
  ASSERT_TRUE(write_file(download.target.string() + ".part", kContent.substr(0, 1000)));
  ASSERT_TRUE(fetch({}, one.network, download));
  EXPECT_EQ(*read_file(download.target), kContent);
  EXPECT_EQ(range_start(one.server.received().back()), 1000U);
}

TEST(Download, GoesOnAfterBreaks) {
  std::atomic<int> tries = 0;
  Hub one([&](const Received& request) {
    if (request.method == "HEAD") return head();
    const std::size_t start = range_start(request);
    const std::string_view rest = std::string_view(kContent).substr(start);
    if (++tries >= 4) return reply(start > 0 ? 206 : 200, rest);
    return Answer{.steps = {{.bytes = fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\n\r\n{}",
                                                  start > 0 ? 206 : 200, rest.size(), rest.substr(0, 5000))}},
                  .close_after = true};
  });
  ASSERT_TRUE(fetch({}, one.network, one.download()));
  EXPECT_EQ(*read_file(one.download().target), kContent);
  EXPECT_EQ(tries, 4);
}

TEST(Download, AServerThatKnowsNoRangesBeginsAnew) {
  Hub one([](const Received& request) { return request.method == "HEAD" ? head() : reply(200, kContent); });
  const Download download = one.download();
  ASSERT_TRUE(write_file(download.target.string() + ".part", "something else"));
  const auto file = fetch({}, one.network, download);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*read_file(download.target), kContent);
}

TEST(Download, AnotherSha256IsNoModel) {
  Hub one([](const Received& request) {
    return request.method == "HEAD" ? head(std::string(64, 'a')) : reply(200, kContent);
  });
  const auto file = fetch({}, one.network, one.download());
  EXPECT_EQ(file.error().code, ErrorCode::kUnreadable);
  EXPECT_FALSE(std::filesystem::exists(one.download().target));
  EXPECT_FALSE(std::filesystem::exists(one.download().target.string() + ".part"));
}

TEST(Download, TokensGoToTheHubOnlyAndRefusalsSayWhatToDo) {
  const LoopbackServer store([](const Received&) { return reply(200, kContent); });
  Hub one([&](const Received& request) {
    return request.method == "HEAD" ? head() : reply(302, "", {{"Location", store.url("/x")}});
  });
  ASSERT_TRUE(fetch({}, one.network, one.download()));
  EXPECT_EQ(one.server.received().at(0).header("authorization"), "Bearer tok");
  EXPECT_EQ(store.received().at(0).header("authorization"), "");
  Hub gated([](const Received&) { return reply(401, ""); });
  const auto refused = fetch({}, gated.network, gated.download());
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_NE(refused.error().message.find("HF_TOKEN"), std::string::npos);
  EXPECT_EQ(refused.error().message.find("tok\""), std::string::npos);
}

TEST(Download, TooLargeForTheDiskIsSaidBefore) {
  Hub one([](const Received&) {
    return Answer{
        .steps = {
            {.bytes =
                 "HTTP/1.1 302 x\r\nLocation: /cdn\r\nX-Linked-Size: 9000000000000000\r\nContent-Length: 0\r\n\r\n"}}};
  });
  EXPECT_EQ(fetch({}, one.network, one.download()).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(one.server.received().size(), 1U);
}

TEST(Download, TwoAtOnceForOneFile) {
  Hub one(hub);
  const auto held = PartFile::open(one.download().target.string() + ".part");
  ASSERT_TRUE(held);
  EXPECT_EQ(fetch({}, one.network, one.download()).error().code, ErrorCode::kUnavailable);
}

TEST(Download, AStopKeepsThePart) {
  Hub one([](const Received& request) {
    if (request.method == "HEAD") return head();
    const std::string begin =
        fmt::format("HTTP/1.1 200 x\r\nContent-Length: {}\r\n\r\n{}", kContent.size(), kContent.substr(0, 5000));
    return Answer{
        .steps = {{.bytes = begin}, {.bytes = kContent.substr(5000), .wait_before = std::chrono::seconds(10)}}};
  });
  std::stop_source stop;
  Download download = one.download();
  download.progress = [&](std::uint64_t have, std::uint64_t) {
    if (have == 5000) stop.request_stop();
  };
  EXPECT_EQ(fetch({.stop = stop.get_token()}, one.network, download).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(std::filesystem::file_size(download.target.string() + ".part"), 5000U);
}

}  // namespace
}  // namespace llmi::hub
