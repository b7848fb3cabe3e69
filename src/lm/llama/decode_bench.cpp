// Tokens a second of our engine against llama.cpp's own bench of the same build, taken in turns; and what a grammar
// costs.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "base/paths.h"
#include "lm/llama/llama_model.h"

namespace llmi::lm {
namespace {

constexpr std::size_t kTokens = 200;
constexpr std::size_t kRounds = 5;

std::filesystem::path model_file() { return dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"; }

/// Tokens a second as llama-bench prints them in its last CSV column but one.
double reference(std::uint32_t threads) {
  const std::string program = (dependencies_folder() / "llama" / "bin" / "llama-bench").string();
  const auto result =
      run_child({}, {.argv = {program, "-m", model_file().string(), "-p", "0", "-n", std::to_string(kTokens), "-r", "1",
                              "-t", std::to_string(threads), "-o", "json"},
                     .environment = {"PATH=/usr/bin"},
                     .directory = {}});
  if (!result) return 0;
  const std::size_t at = result->out.find("\"avg_ts\":");
  return at == std::string::npos ? 0 : std::strtod(result->out.c_str() + at + 9, nullptr);
}

/// From the first token on, like the reference, which reads no prompt.
double ours(LanguageModel& model, const std::string& gbnf) {
  GenerateRequest request{.messages = {{"user", "Write a very long story about a ship and the sea.", {}}},
                          .max_tokens = kTokens};
  request.sampling.temperature = 0;
  request.constraint.gbnf = gbnf;
  Clock::time_point first;
  const auto result = model.generate({.seed = 1}, request, [&](std::string_view) {
    if (first == Clock::time_point{}) first = Clock::now();
    return Flow::kContinue;
  });
  const double seconds = std::chrono::duration<double>(Clock::now() - first).count();
  return result ? static_cast<double>(result->completion_tokens - 1) / seconds : 0;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print(const char* name, double value, const char* unit, const char* goal = "") {
  fmt::print("{{\"name\": \"decode/{}\", \"value\": {:.4g}, \"unit\": \"{}\"{}}}\n", name, value, unit, goal);
}

}  // namespace
}  // namespace llmi::lm

int main() {
  using namespace llmi::lm;
  const std::uint32_t threads = std::max(1U, std::thread::hardware_concurrency());
  const auto model = open_llama({.path = model_file(), .threads = threads});
  if (!model) return 1;
  // Letters, spaces and marks in any order, as prose needs them.
  const std::string prose = "root ::= [A-Za-z ,.;:!?'\\n-]+";
  std::vector<double> theirs;
  std::vector<double> plain;
  std::vector<double> constrained;
  ours(**model, "");
  for (std::size_t i = 0; i < kRounds; ++i) {
    theirs.push_back(reference(threads));
    plain.push_back(ours(**model, ""));
    constrained.push_back(ours(**model, prose));
  }
  print("against_llama_bench", median(plain) / median(theirs), "x", ", \"goal\": 0.98");
  print("grammar_against_plain", median(constrained) / median(plain), "x");
  print("tokens_per_second", median(plain), "tokens/s");
}
