#include "tools/code/code_tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/sha256.h"
#include "sandbox/runner_source.h"

namespace llmi::tools {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number that begins at `at`, without its thousands separators; moves `at` behind it.
double read_number(std::string_view text, std::size_t& at) {
  std::string digits;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    const bool separator =
        (c == ',' || c == '\'') && digit_at(at + 1) && digit_at(at + 2) && digit_at(at + 3) && !digit_at(at + 4);
    if (separator) continue;
    const bool point = c == '.' && digit_at(at + 1) && digits.find('.') == std::string::npos;
    if (!is_digit(c) && !point) break;
    digits.push_back(c);
  }
  return std::strtod(digits.c_str(), nullptr);
}

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    const bool negative = at > 0 && text[at - 1] == '-';
    const double value = read_number(text, at);
    numbers.push_back(negative ? -value : value);
  }
  return numbers;
}

bool same(double a, double b) { return std::abs(a - b) <= 1e-4 * std::max(std::abs(a), std::abs(b)); }

document::Drawn drawn_of(const sandbox::CodeResult& result) {
  return {result.titles, result.axis_labels, result.series, result.values};
}

Fault decode_fault(const Error& error) {
  const bool late = error.code == ErrorCode::kTimeout;
  const bool cancelled = error.code == ErrorCode::kCancelled;
  return {late        ? Stage::kTimeout
          : cancelled ? Stage::kCancelled
                      : Stage::kDecode,
          "the plot cannot be read: " + error.message};
}

Fault fault_of(const Error& error) {
  if (error.code == ErrorCode::kTimeout) return {Stage::kTimeout, error.message};
  if (error.code == ErrorCode::kCancelled) return {Stage::kCancelled, error.message};
  return {Stage::kTool, error.message};
}

}  // namespace

bool values_are_given(const std::vector<double>& values, std::string_view text) {
  const auto given = numbers_in(text);
  return std::ranges::all_of(values, [&](double value) {
    return std::ranges::any_of(given, [&](double number) { return same(value, number); });
  });
}

CodeTool::CodeTool(Options options) : options_(std::move(options)), pool_(options_.sandbox, options_.warm) {}

Availability CodeTool::availability() const {
  const auto versions = pool_.probe({});
  if (versions) return {.usable = true};
  return {.reason = versions.error().message, .remedy = "`llmi doctor` checks it again"};
}

std::string CodeTool::cache_identity(const RunContext& context, const Request&) const {
  const auto versions = pool_.probe(context);
  if (!versions) return "";
  static const std::string kRunner = sha256_hex(sandbox::kRunnerSource);
  return fmt::format("{} {} {}", options_.format, kRunner, *versions);
}

Outcome CodeTool::run(const RunContext& context, const Request& request) {
  const std::string& code = std::get<tag::CodeParams>(request.tag.params).code;
  auto result = pool_.run(
      context,
      {.code = code, .format = options_.format, .timeout = options_.timeout, .memory_bytes = options_.memory_bytes});
  if (!result) return {.result = fault_of(result.error())};
  Outcome outcome{.report = CodeReport{result->out, result->err, result->figures, drawn_of(*result)}};
  if (result->fault) {
    outcome.result = *result->fault;
    return outcome;
  }
  auto picture = options_.decoder(context, result->picture);
  if (!picture) {
    outcome.result = decode_fault(picture.error());
    return outcome;
  }
  Made made{.picture = *std::move(picture), .drawn = drawn_of(*result)};
  made.provenance.tool = "code";
  made.provenance.backend = "sandbox";
  made.provenance.code_sha256 = sha256_hex(code);
  made.provenance.data = values_are_given(result->values, request.prompt) ? "given" : "model";
  outcome.result = std::move(made);
  return outcome;
}

}  // namespace llmi::tools
