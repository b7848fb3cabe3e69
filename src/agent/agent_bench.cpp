// How close a run comes to its critical path: a scripted model, tools of known latency, chains, fans and mixtures.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "agent/session.h"
#include "lm/scripted_model.h"

namespace llmi::agent {
namespace {

using std::chrono::milliseconds;

/// Takes as long as its description says.
class TimedTool final : public tools::Tool {
 public:
  explicit TimedTool(tag::Source source) : source_(source) {}
  [[nodiscard]] tag::Source source() const override { return source_; }
  [[nodiscard]] std::string_view backend() const override { return "timed"; }
  [[nodiscard]] tools::Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] std::size_t max_concurrent() const override { return 64; }
  [[nodiscard]] std::string cache_identity(const RunContext&, const tools::Request&) const override { return ""; }
  [[nodiscard]] tools::Outcome run(const RunContext&, const tools::Request& request) override {
    std::this_thread::sleep_for(milliseconds(std::stoi(request.tag.description)));
    return {.result = tools::Made{.picture = {.bytes = "p", .width = 1, .height = 1}}};
  }

 private:
  tag::Source source_;
};

struct Figure {
  int latency_ms = 0;
  int parent = -1;
};

/// `text_ms`: what the model takes for the text before each tag.
struct Shape {
  const char* name;
  std::vector<Figure> figures;
  int text_ms = 0;
};

std::vector<Figure> chain(int length, int latency) {
  std::vector<Figure> figures;
  for (int i = 0; i < length; ++i) figures.push_back({latency, i - 1});
  return figures;
}

std::vector<Figure> fan(int width, int latency) {
  std::vector<Figure> figures{{latency, -1}};
  for (int i = 0; i < width; ++i) figures.push_back({latency, 0});
  return figures;
}

/// Chains of different lengths side by side, interleaved as a model would write them.
std::vector<Figure> mixture(int count) {
  std::vector<Figure> figures;
  for (int i = 0; i < count; ++i)
    figures.push_back({20 + 10 * (i % 7), i % 5 == 4 ? i - 4 : i >= 10 && i % 3 == 0 ? i - 10 : -1});
  return figures;
}

std::vector<lm::ScriptedChunk> script(const Shape& shape) {
  std::vector<lm::ScriptedChunk> chunks;
  for (std::size_t i = 0; i < shape.figures.size(); ++i) {
    const Figure& figure = shape.figures[i];
    const std::string description = std::to_string(figure.latency_ms);
    const tag::Tag call =
        figure.parent < 0
            ? tag::Tag{description, tag::SearchParams{fmt::format("q{}", i)}}
            : tag::Tag{description, tag::EditParams{static_cast<std::size_t>(figure.parent), fmt::format("e{}", i)}};
    chunks.push_back({milliseconds(shape.text_ms), "Some text.\n\n" + tag::print(call) + "\n\n", false});
  }
  return chunks;
}

/// When the last figure can be ready at the earliest, and the first.
std::pair<double, double> critical_path_ms(const Shape& shape) {
  std::vector<double> ready;
  for (std::size_t i = 0; i < shape.figures.size(); ++i) {
    const Figure& figure = shape.figures[i];
    const double written = static_cast<double>(i + 1) * shape.text_ms;
    const double parent = figure.parent < 0 ? 0 : ready[static_cast<std::size_t>(figure.parent)];
    ready.push_back(std::max(written, parent) + figure.latency_ms);
  }
  return {*std::ranges::max_element(ready), *std::ranges::min_element(ready)};
}

struct Times {
  double total_ms = 0;
  double first_ms = 0;
};

Times run_once(const Shape& shape) {
  TimedTool search(tag::Source::kSearch);
  TimedTool edit(tag::Source::kEdit);
  const auto model = lm::make_scripted_model({script(shape)});
  Task task;
  task.prompt = "bench";
  const Services services{.model = model.get(), .tools = {&search, &edit}, .cache = nullptr};
  Times times;
  const auto begin = Clock::now();
  const auto since = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); };
  const auto report = write({.seed = 1}, services, task, [&](const document::Event& event) {
    if (times.first_ms == 0 && std::holds_alternative<document::FigureReady>(event.body)) times.first_ms = since();
  });
  times.total_ms = since();
  if (!report || !report->document.complete) fmt::print(stderr, "agent_bench: {} did not complete\n", shape.name);
  return times;
}

void measure(const Shape& shape) {
  constexpr std::size_t kRounds = 5;
  std::vector<double> total;
  std::vector<double> first;
  for (std::size_t i = 0; i < kRounds; ++i) {
    const Times times = run_once(shape);
    total.push_back(times.total_ms);
    first.push_back(times.first_ms);
  }
  std::ranges::sort(total);
  std::ranges::sort(first);
  const auto [path, earliest] = critical_path_ms(shape);
  fmt::print(
      "{{\"name\": \"agent/makespan/{}\", \"value\": {:.4f}, \"unit\": \"x path\", \"goal\": 1.05, "
      "\"higher_is_better\": false}}\n",
      shape.name, total[kRounds / 2] / path);
  fmt::print(
      "{{\"name\": \"agent/first_picture/{}\", \"value\": {:.4f}, \"unit\": \"x path\", \"higher_is_better\": "
      "false}}\n",
      shape.name, first[kRounds / 2] / earliest);
}

void print_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:"))
      fmt::print("{{\"name\": \"agent/memory\", \"value\": {:.1f}, \"unit\": \"MB\", \"higher_is_better\": false}}\n",
                 std::stod(line.substr(6)) / 1000);
  }
}

}  // namespace
}  // namespace llmi::agent

int main() {
  using namespace llmi::agent;
  for (const Shape& shape :
       {Shape{"chain_10", chain(10, 60), 0}, Shape{"fan_49", fan(49, 150), 0}, Shape{"mixture_50", mixture(50), 0},
        Shape{"mixture_50_streamed", mixture(50), 20}, Shape{"single", chain(1, 200), 0}})
    measure(shape);
  print_memory();
}
