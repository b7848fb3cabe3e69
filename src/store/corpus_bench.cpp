// Time to index, to open and to answer: the default corpora filled up with made-up pictures to 10,000.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "store/corpus.h"
#include "store/corpus_test_pictures.h"

namespace {

using llmi::store::Corpora;
using llmi::store::CorpusSpec;

double milliseconds(llmi::Clock::duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

void print(std::string_view name, double value, std::string_view unit) {
  fmt::print("{{\"name\":\"{}\",\"value\":{:.4f},\"unit\":\"{}\"}}\n", name, value, unit);
}

const std::vector<std::string> kThings{"lion",      "castle",  "violin",  "harbour", "bicycle", "volcano", "teapot",
                                       "bridge",    "falcon",  "engine",  "market",  "orchard", "glacier", "printer",
                                       "cathedral", "sparrow", "tram",    "canyon",  "loom",    "anvil",   "squirrel",
                                       "fountain",  "compass", "lantern", "tractor", "island"};
const std::vector<std::string> kKinds{"red",   "old",    "small", "wooden", "famous", "northern", "golden",
                                      "quiet", "modern", "stone", "blue",   "giant",  "painted",  "broken",
                                      "royal", "city",   "river", "night",  "winter", "steam"};
const std::vector<std::string> kPlaces{"in the rain",  "at night",      "on a hill",
                                       "near the sea", "with children", "under trees"};

std::string phrase(llmi::Random& random) {
  return kKinds[random.below(kKinds.size())] + " " + kThings[random.below(kThings.size())] + " " +
         kPlaces[random.below(kPlaces.size())];
}

void make_pictures(const std::filesystem::path& folder, std::size_t count) {
  llmi::Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = fmt::format("{}/{}", i % 40, i);
    std::filesystem::create_directories(folder / std::to_string(i % 40));
    (void)llmi::write_file(folder / (name + ".png"), llmi::store::test::png(600, 400, {{"Title", phrase(random)}}));
    if (i % 3 == 0)
      (void)llmi::write_file(folder / (name + ".txt"),
                             phrase(random) + "\nde.utf8=Ein Bild von " + phrase(random) + "\n");
  }
}

std::vector<std::string> queries() {
  std::vector<std::string> result;
  const std::string text = llmi::read_file("tests/data/search_queries.txt").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t arrow = text.find(" => ", at);
    if (text[at] != '#' && arrow < end) result.push_back(text.substr(at, arrow - at));
    at = end + 1;
  }
  llmi::Random random(2);
  while (result.size() < 300) result.push_back(phrase(random));
  return result;
}

struct Latency {
  double p50 = 0;
  double p99 = 0;
  std::size_t searches = 0;
};

Latency measure(Corpora& corpora, const std::vector<std::string>& asked) {
  std::vector<double> times;
  for (int round = 0; round < 5; ++round) {
    for (const std::string& query : asked) {
      const auto begin = llmi::Clock::now();
      (void)corpora.search({}, query, "", 24);
      if (round > 0) times.push_back(milliseconds(llmi::Clock::now() - begin));
    }
  }
  std::ranges::sort(times);
  const auto at = [&](double part) {
    return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
  };
  return {.p50 = at(0.5), .p99 = at(0.99), .searches = times.size()};
}

std::size_t pictures(const Corpora::Options& options) {
  std::size_t sum = 0;
  const std::vector<llmi::store::CorpusInfo> infos = *Corpora(options).list({});
  for (const auto& info : infos) sum += info.pictures;
  return sum;
}

constexpr std::size_t kPictures = 10'000;

}  // namespace

int main() {
  const auto folder = *llmi::TemporaryFolder::make("llmi-bench");
  Corpora::Options mixed{.folder = folder.path() / "data"};
  auto started = llmi::Clock::now();
  const std::size_t defaults = pictures(mixed);
  const double indexing = milliseconds(llmi::Clock::now() - started) / 1000;

  make_pictures(folder.path() / "some", kPictures - std::min(kPictures, defaults));
  (void)Corpora(mixed).add({}, {.folder = folder.path() / "some"});
  started = llmi::Clock::now();
  Corpora corpora(mixed);
  (void)corpora.version({});
  const double opening = milliseconds(llmi::Clock::now() - started);
  const Latency real = measure(corpora, queries());

  // A corpus of few words, so that every query meets hundreds of pictures.
  Corpora::Options made{.folder = folder.path() / "made-data", .defaults = {}};
  make_pictures(folder.path() / "made", kPictures);
  (void)Corpora(made).add({}, {.folder = folder.path() / "made"});
  Corpora monotonous(made);
  const Latency dense = measure(monotonous, queries());

  fmt::print("{} default pictures indexed in {:.2f} s; {} pictures opened in {:.1f} ms\n", defaults, indexing,
             kPictures, opening);
  fmt::print(
      "{} searches: p50 {:.2f} ms, p99 {:.2f} ms; where all pictures share few words p50 {:.2f} ms, p99 {:.2f} ms\n",
      real.searches, real.p50, real.p99, dense.p50, dense.p99);
  print("search_index_default_corpora", indexing, "s");
  print("search_open", opening, "ms");
  print("search_p50_10000_pictures", real.p50, "ms");
  print("search_p99_10000_pictures", real.p99, "ms");
  print("search_dense_p50_10000_pictures", dense.p50, "ms");
  print("search_dense_p99_10000_pictures", dense.p99, "ms");
  return 0;
}
