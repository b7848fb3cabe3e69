#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tag/parser.h"

// Speed of the parser on what models write, measured against memcpy and memchr over the same bytes in the same run.

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSize = std::size_t{64} << 20;
constexpr int kRounds = 5;

struct Corpus {
  std::string_view name;
  std::string text;
};

std::string repeat(const std::vector<std::string_view>& units) {
  std::string text;
  for (std::size_t i = 0; text.size() < kSize; ++i) text += units[i % units.size()];
  return text;
}

std::vector<Corpus> corpora() {
  constexpr std::string_view kPlain =
      "Volcanoes form where molten rock finds its way to the surface, most often along the edges of the plates that make "
      "up the crust. The gas dissolved in it decides how it comes out: a little gives a quiet flow of lava, much of it "
      "an explosion that throws ash into the stratosphere.\n\n";
  constexpr std::string_view kLines =
      "Short lines of prose, as a careful\nwriter breaks them at eighty columns,\nmake a new line every forty bytes.\n\n";
  constexpr std::string_view kLatin =
      "Der Ätna ist mit rund 3357 Metern Höhe der höchste aktive Vulkan Europas; über seine Ausbrüche wird seit der "
      "Antike berichtet, und für die Bäuerinnen an seinen Hängen ist er Segen und Gefahr zugleich.\n\n";
  constexpr std::string_view kChinese =
      "火山是地下深处的高温岩浆及其有关的气体、碎屑从地壳中喷出而形成的，具有特殊形态的地质结构。按活动情况可分为活火山、死火山和休眠火山。\n\n";
  constexpr std::string_view kMarkdown =
      "## Eruption sizes\n\nThe *volcanic explosivity index* (`VEI`) runs from 0 to 8:\n\n- **VEI 4**: Eyjafjallajökull, "
      "2010\n- **VEI 6**: Pinatubo, 1991\n\n> Each step is ten times the volume of the one before it.\n\n"
      "```python\nfor size in range(9):\n    print(size, 10 ** size < 7)\n```\n\n1. Look up.\n2. Walk away.\n\n";
  constexpr std::string_view kTag =
      "<imgen>{\"source\": \"search\", \"description\": \"Pinatubo in June 1991\", \"params\": {\"query\": \"Pinatubo "
      "eruption 1991 ash column\"}}</imgen>\n\n";
  return {{"prose", repeat({kPlain})},
          {"short_lines", repeat({kLines})},
          {"german", repeat({kLatin})},
          {"chinese", repeat({kChinese})},
          {"markdown", repeat({kMarkdown})},
          {"answer", repeat({kPlain, kPlain, kMarkdown, kPlain, kTag, kPlain, kLatin})},
          {"tags", repeat({kTag})}};
}

template <class Work>
double gigabytes_per_second(std::size_t bytes, const Work& work) {
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return static_cast<double>(bytes) / best / 1e9;
}

std::size_t sink_bytes = 0;

double parse_speed(const std::string& text, std::size_t piece) {
  return gigabytes_per_second(text.size(), [&] {
    llmi::tag::Parser parser(0, [](const llmi::tag::Item& item) {
      if (const auto* span = std::get_if<llmi::tag::TextItem>(&item)) sink_bytes += span->text.size();
    });
    for (std::size_t at = 0; at < text.size(); at += piece) parser.feed(std::string_view(text).substr(at, piece));
    parser.finish();
  });
}

void report(std::string_view name, double value, std::string_view unit) {
  fmt::print("{{\"name\": \"{}\", \"value\": {:.3f}, \"unit\": \"{}\"}}\n", name, value, unit);
}

void measure(const Corpus& corpus) {
  std::string copy(corpus.text.size(), '\0');
  const double memcpy_speed = gigabytes_per_second(copy.size(), [&] {
    std::memcpy(copy.data(), corpus.text.data(), copy.size());
    sink_bytes += static_cast<std::size_t>(copy[copy.size() / 2] != 0);
  });
  const double memchr_speed = gigabytes_per_second(copy.size(), [&] {
    sink_bytes += std::memchr(corpus.text.data(), 1, corpus.text.size()) != nullptr ? 1U : 0U;
  });
  const double stream = parse_speed(corpus.text, 64 << 10);
  const double token = parse_speed(corpus.text, 5);
  report(fmt::format("tag_parse_{}", corpus.name), stream, "GB/s");
  report(fmt::format("tag_parse_{}_of_memcpy", corpus.name), stream / memcpy_speed, "ratio");
  report(fmt::format("tag_parse_{}_of_memchr", corpus.name), stream / memchr_speed, "ratio");
  fmt::print(stderr, "{:<12} {:6.2f} GB/s in 64 KiB pieces ({:.2f} of memcpy, {:.2f} of memchr), {:.3f} in 5-byte pieces\n",
             corpus.name, stream, stream / memcpy_speed, stream / memchr_speed, token);
}

}  // namespace

int main() {
  for (const Corpus& corpus : corpora()) measure(corpus);
  return sink_bytes == 0 ? 1 : 0;
}
