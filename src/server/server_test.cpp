#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "reward/testing_judge.h"
#include "server/alarm_clock.h"
#include "server/http_server.h"
#include "server/reward_service.h"
#include "server/task_pool.h"

namespace llmi::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using Json = nlohmann::json;
using namespace std::chrono_literals;

TEST(AlarmClock, RingsInOrderUnlessCancelled) {
  std::promise<void> rang;
  std::vector<int> order;
  AlarmClock clock;
  clock.set(Deadline::after(30ms), [&] {
    order.push_back(2);
    rang.set_value();
  });
  clock.set(Deadline::after(5ms), [&] { order.push_back(1); });
  const auto cancelled = clock.set(Deadline::after(10ms), [&] { order.push_back(3); });
  clock.set(Deadline::never(), [&] { order.push_back(4); });
  clock.cancel(cancelled);
  rang.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(TaskPool, RunsTasksAtTheSameTime) {
  // Each of two waits for the other.
  std::promise<void> first;
  std::promise<void> second;
  std::promise<void> done;
  TaskPool pool(2);
  pool.post([&] {
    first.set_value();
    second.get_future().wait();
    done.set_value();
  });
  pool.post([&] {
    first.get_future().wait();
    second.set_value();
  });
  done.get_future().wait();
}

TEST(TaskPool, CloseWaitsForWhatRuns) {
  std::atomic<bool> ended = false;
  std::promise<void> began;
  TaskPool pool(1);
  pool.post([&] {
    began.set_value();
    std::this_thread::sleep_for(30ms);
    ended = true;
  });
  began.get_future().wait();
  pool.close();
  EXPECT_TRUE(ended);
}

Json sample(const std::string& prompt) {
  return {{"prompt", prompt}, {"answer", "Some text."}, {"image_num", 0}, {"pictures", Json::array()}};
}

/// A service with a judge that waits as long as the prompt says.
class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    reward::JudgeOptions options =
        reward::judge_options([this](const lm::GenerateRequest& request) -> Result<std::string> {
          ++asked_;
          if (request.messages.back().text.find("SLOW") != std::string::npos) std::this_thread::sleep_for(300ms);
          return R"({"text": 4, "image": 3, "needs_pictures": false})";
        });
    options.concurrency = 4;
    judge_ = std::make_unique<reward::Judge>(std::move(options));
    scorer_ = std::make_unique<reward::Scorer>(reward::Scorer::Options{
        .variant = reward::Variant::kPaper, .llm = judge_.get(), .mllm = judge_.get(), .intake = &intake_});
    service_ = std::make_unique<RewardService>(RewardService::Options{
        .scorer = scorer_.get(), .reader = &reader_, .variant = reward::Variant::kPaper, .max_open = 64});
    http_ = *HttpServer::start({.handle = [this](HttpRequest request, Respond respond) {
      service_->handle(std::move(request), std::move(respond));
    }});
  }
  void TearDown() override {
    http_->drain(5s);
    service_->close();
    judge_.reset();
    http_->stop();
    service_.reset();
  }

  /// Status and body.
  std::pair<int, Json> ask(const Json& body) const {
    boost::asio::io_context context;
    beast::tcp_stream stream(context);
    stream.connect(tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), http_->port()));
    http::request<http::string_body> request(http::verb::post, "/v1/reward", 11);
    request.body() = body.dump();
    request.prepare_payload();
    http::write(stream, request);
    beast::flat_buffer buffer;
    http::response<http::string_body> reply;
    http::read(stream, buffer, reply);
    return {static_cast<int>(reply.result_int()), Json::parse(reply.body())};
  }

  std::atomic<int> asked_ = 0;
  reward::PictureIntake intake_;
  reward::SampleReader reader_{intake_, {}};
  std::unique_ptr<reward::Judge> judge_;
  std::unique_ptr<reward::Scorer> scorer_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<RewardService> service_;
};

TEST_F(ServiceTest, ManyClientsAtOnce) {
  std::vector<std::jthread> clients;
  std::atomic<int> scored = 0;
  for (int c = 0; c < 16; ++c) {
    clients.emplace_back([&, c] {
      // Half of the prompts are everybody's, half this client's own.
      for (int i = 0; i < 8; ++i) {
        const std::string own = std::to_string(c) + "-" + std::to_string(i);
        const auto [status, reply] = ask({{"samples", {sample(i % 2 == 0 ? std::to_string(i) : own)}}});
        if (status == 200 && reply["results"][0]["status"] == "ok") ++scored;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(scored, 16 * 8);
  EXPECT_EQ(asked_, 4 + 16 * 4);
}

TEST_F(ServiceTest, ADeadlineCutsOffWhatIsSlow) {
  const auto [status, reply] = ask({{"deadline_ms", 50}, {"samples", {sample("SLOW"), sample("quick")}}});
  EXPECT_EQ(status, 200);
  EXPECT_EQ(reply["results"][0]["status"], "unavailable");
  EXPECT_EQ(reply["results"][0]["error"]["code"], "deadline");
}

TEST_F(ServiceTest, OnesImpatienceIsNotAnothers) {
  std::jthread impatient([&] {
    const Json reply = ask({{"deadline_ms", 20}, {"samples", {sample("SLOW")}}}).second;
    EXPECT_EQ(reply["results"][0]["status"], "unavailable");
  });
  while (asked_ == 0) std::this_thread::yield();
  EXPECT_EQ(ask({{"deadline_ms", 10'000}, {"samples", {sample("SLOW")}}}).second["results"][0]["status"], "ok");
  EXPECT_EQ(asked_, 1);
}

TEST_F(ServiceTest, TooManySamplesAreRefused) {
  Json samples = Json::array();
  for (int i = 0; i < 65; ++i) samples.push_back(sample(std::to_string(i)));
  EXPECT_EQ(ask({{"samples", samples}}).first, 503);
  samples.erase(0);
  EXPECT_EQ(ask({{"samples", samples}}).first, 200);
}

TEST_F(ServiceTest, EndingAnswersWhatWasTaken) {
  std::jthread client([&] {
    const auto [status, reply] = ask({{"samples", {sample("SLOW")}}});
    EXPECT_EQ(reply["results"][0]["status"], "ok");
  });
  while (asked_ == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace llmi::server
