// A plot in the sandbox, from a warm interpreter, against a fresh interpreter without any sandbox.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/child_process.h"
#include "sandbox/pool.h"

namespace llmi::sandbox {
namespace {

constexpr const char* kPlot =
    "labels = ['coal', 'gas', 'hydro', 'wind']\nplt.bar(labels, [35, 23, 15, 8])\nplt.title('Electricity')\n"
    "plt.xlabel('Source')\nplt.ylabel('%')\n";
constexpr std::size_t kRounds = 15;

double milliseconds(Clock::duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

double fresh_ms() {
  const std::string code = std::string(
                               "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt, numpy as "
                               "np, pandas as pd, seaborn as sns\n") +
                           kPlot + "plt.savefig('/dev/null', format='png')\n";
  const auto begin = Clock::now();
  const auto result = run_child(
      {},
      {.argv = {"/usr/bin/python3", "-c", code}, .environment = {"HOME=/tmp", "PATH=/usr/bin"}, .directory = "/tmp"});
  if (!result || result->exit_code != 0) fmt::print(stderr, "plot_bench: the fresh interpreter failed\n");
  return milliseconds(Clock::now() - begin);
}

double warm_ms(Pool& pool) {
  const auto begin = Clock::now();
  const auto result = pool.run({}, {.code = kPlot});
  if (!result || result->fault) fmt::print(stderr, "plot_bench: the sandboxed plot failed\n");
  return milliseconds(Clock::now() - begin);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace
}  // namespace llmi::sandbox

int main() {
  using namespace llmi::sandbox;
  Pool pool(Settings{}, 1);
  if (!pool.probe({})) return 1;
  std::vector<double> fresh;
  std::vector<double> warm;
  for (std::size_t i = 0; i < kRounds; ++i) {
    fresh.push_back(fresh_ms());
    warm.push_back(warm_ms(pool));
  }
  fmt::print("{{\"name\": \"plot/warm_against_fresh\", \"value\": {:.3f}, \"unit\": \"x faster\", \"goal\": 10}}\n",
             median(fresh) / median(warm));
  fmt::print("{{\"name\": \"plot/warm_p50\", \"value\": {:.1f}, \"unit\": \"ms\", \"higher_is_better\": false}}\n",
             median(warm));
  fmt::print("{{\"name\": \"plot/fresh_p50\", \"value\": {:.1f}, \"unit\": \"ms\", \"higher_is_better\": false}}\n",
             median(fresh));
}
