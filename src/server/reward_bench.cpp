// What the reward service adds to its judges: 256 clients at once with a judge that replies at once, and 1,000 samples
// with one that takes a second, against the time that the judge alone takes.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "reward/scorer.h"
#include "reward/testing_judge.h"
#include "server/http_server.h"
#include "server/reward_service.h"

namespace llmi::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr int kClients = 256;

const char* const kPictures[] = {
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/"
    "pLvAAAAAElFTkSuQmCC",
    "data:image/"
    "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"};

std::string marks(const lm::GenerateRequest& request) {
  return request.messages.back().pictures.empty()
             ? R"({"text": 4, "image": 3})"
             : R"({"image_quality": 4, "task_relevance": 5, "text_image_relevance": 4})";
}

/// A request with one sample that no other number gives: 2,000 characters and two pictures.
std::string request_body(int number) {
  std::string answer = fmt::format("# Document {}\n\n", number);
  while (answer.size() < 1600) answer += "A sentence of the document, as long as sentences are.\n";
  for (int i = 0; i < 2; ++i)
    answer +=
        "\n<imgen>{\"source\": \"search\", \"description\": \"d\", \"params\": {\"query\": \"a lake\"}}</imgen>\n";
  Json pictures = Json::array();
  for (std::size_t i = 0; i < 2; ++i)
    pictures.push_back({{"index", i}, {"status", "ready"}, {"data_uri", kPictures[i]}});
  const Json sample{{"prompt", fmt::format("Write document {}.", number)},
                    {"answer", answer},
                    {"image_num", 2},
                    {"tools", {"search"}},
                    {"pictures", pictures}};
  return Json{{"samples", {sample}}}.dump();
}

struct Service {
  Service(milliseconds delay, std::size_t concurrency) {
    for (auto* judge : {&llm, &mllm}) {
      reward::JudgeOptions options = reward::judge_options(
          [](const lm::GenerateRequest& request) -> Result<std::string> { return marks(request); }, delay);
      options.concurrency = concurrency;
      *judge = std::make_unique<reward::Judge>(std::move(options));
    }
    scorer = std::make_unique<reward::Scorer>(
        reward::Scorer::Options{.llm = llm.get(), .mllm = mllm.get(), .intake = &intake});
    service = std::make_unique<RewardService>(RewardService::Options{.scorer = scorer.get(), .reader = &reader});
    http = *HttpServer::start({.handle = [this](HttpRequest request, Respond respond) {
      service->handle(std::move(request), std::move(respond));
    }});
  }
  ~Service() {
    http->drain(milliseconds(1000));
    service->close();
    llm.reset();
    mllm.reset();
    http->stop();
    service.reset();
  }

  reward::PictureIntake intake;
  reward::SampleReader reader{intake, {}};
  std::unique_ptr<reward::Judge> llm;
  std::unique_ptr<reward::Judge> mllm;
  std::unique_ptr<reward::Scorer> scorer;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<RewardService> service;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : stream_(context_) {
    stream_.connect(tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), port));
    stream_.socket().set_option(tcp::no_delay(true));
  }
  /// Whether the reply is a score.
  bool ask(std::string body) {
    http::request<http::string_body> request(http::verb::post, "/v1/reward", 11);
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(stream_, request);
    http::response<http::string_body> reply;
    http::read(stream_, buffer_, reply);
    return reply.body().find("\"status\":\"ok\"") != std::string::npos;
  }

 private:
  boost::asio::io_context context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

struct Load {
  double seconds = 0;
  std::vector<double> latencies;  ///< Milliseconds, sorted.
  std::size_t scored = 0;
};

/// Every client puts its requests one after the other.
Load run(const Service& service, int clients, int each) {
  std::vector<std::string> bodies;
  for (int i = 0; i < clients * each; ++i) bodies.push_back(request_body(i));
  Load load;
  std::mutex mutex;
  const auto begin = Clock::now();
  std::vector<std::jthread> threads;
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      Client client(service.http->port());
      for (int i = 0; i < each; ++i) {
        const auto start = Clock::now();
        const bool scored = client.ask(std::move(bodies[static_cast<std::size_t>(c * each + i)]));
        const double latency = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        const std::scoped_lock lock(mutex);
        load.latencies.push_back(latency);
        if (scored) ++load.scored;
      }
    });
  }
  threads.clear();
  load.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::ranges::sort(load.latencies);
  return load;
}

void print(const char* name, double value, const char* unit) {
  fmt::print("{{\"name\": \"reward/{}\", \"value\": {:.4g}, \"unit\": \"{}\"}}\n", name, value, unit);
}

int measure() {
  int failed = 0;
  {
    const Service service(milliseconds(0), 8);
    run(service, 8, 4);  // decodes the pictures
    const Load load = run(service, kClients, 60);
    const auto total = static_cast<double>(load.latencies.size());
    if (load.scored != load.latencies.size()) failed = 1;
    print("samples_per_second", total / load.seconds, "samples/s, instant judge, 256 clients, two pictures each");
    print("p99", load.latencies[load.latencies.size() * 99 / 100], "ms");
  }
  {
    constexpr int kConcurrency = 100;
    const Service service(milliseconds(1000), kConcurrency);
    const Load load = run(service, 250, 4);
    if (load.scored != load.latencies.size()) failed = 1;
    print("slow_judge", load.seconds / (1000.0 / kConcurrency), "of the judge's own time (1,000 samples, 1 s each)");
  }
  return failed;
}

}  // namespace
}  // namespace llmi::server

int main() { return llmi::server::measure(); }
