#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/random.h"
#include "reward/sample_fields.h"
#include "server/route.h"
#include "server/run_code_source.h"

namespace llmi::server {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;
using reward::bad_field;
using reward::member;

constexpr std::chrono::milliseconds kUsualTime{10'000};
constexpr std::uint64_t kUsualMemory = std::uint64_t{1} << 30;
constexpr double kLongestSeconds = 600;

/// What stands around the client's code: it sets input and files up, runs the code, and prints behind `mark` how it
/// ended and what files it left.
std::string program(const Json& body, const std::string& mark) {
  const Json request{{"code", member(body, "code")},
                     {"stdin", member(body, "stdin").is_string() ? body["stdin"] : Json("")},
                     {"files", member(body, "files").is_object() ? body["files"] : Json::object()},
                     {"fetch", member(body, "fetch_files").is_array() ? body["fetch_files"] : Json::array()},
                     {"mark", mark}};
  // As base64, so that no quoting of the code matters.
  return fmt::format("REQUEST = '{}'\n{}", base64(request.dump(-1, ' ', false, Json::error_handler_t::replace)),
                     kRunCodeSource);
}

Result<sandbox::CodeRequest> code_request(const Json& body, const std::string& mark) {
  if (!member(body, "code").is_string()) return bad_field("code", "must be a text");
  sandbox::CodeRequest request{.code = program(body, mark), .timeout = kUsualTime, .memory_bytes = kUsualMemory};
  const Json& time = member(body, "run_timeout");
  if (time.is_number()) {
    if (!(time.get<double>() > 0) || time.get<double>() > kLongestSeconds)
      return bad_field("run_timeout", fmt::format("must be above 0 and at most {} seconds", kLongestSeconds));
    request.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(time.get<double>() * 1000));
  }
  const Json& memory = member(body, "memory_limit_MB");
  if (memory.is_number_integer() && memory.get<std::int64_t>() > 0)
    request.memory_bytes = std::min(kUsualMemory, memory.get<std::uint64_t>() << 20U);
  return request;
}

struct Ending {
  std::string out;
  Json code;  ///< Null: it was stopped.
  Json files = Json::object();
};

Ending ending_of(const sandbox::CodeResult& result, const std::string& mark) {
  const std::size_t at = result.out.rfind(mark);
  if (at == std::string::npos) return {.out = result.out, .code = nullptr};
  const Json end = Json::parse(result.out.substr(at + mark.size()), nullptr, false);
  if (!end.is_object()) return {.out = result.out.substr(0, at), .code = nullptr};
  return {.out = result.out.substr(0, at), .code = member(end, "return_code"), .files = member(end, "files")};
}

Ordered outcome(const sandbox::CodeResult& result, const std::string& mark, double seconds) {
  const Ending ending = ending_of(result, mark);
  const bool late = result.fault && result.fault->stage == Stage::kTimeout;
  const bool finished = ending.code.is_number_integer();
  const bool success = finished && ending.code == 0;
  const std::string why = finished || !result.fault ? "" : result.fault->message;
  return {{"status", success ? "Success" : "Failed"},
          {"message", why},
          {"compile_result", nullptr},
          {"run_result",
           {{"status", late       ? "TimeLimitExceeded"
                       : finished ? "Finished"
                                  : "Error"},
            {"execution_time", seconds},
            {"return_code", ending.code},
            {"stdout", ending.out},
            {"stderr", result.err}}},
          {"executor_pod_name", nullptr},
          {"files", ending.files}};
}

HttpReply sandbox_error(std::string_view message) {
  const Ordered json{{"status", "SandboxError"}, {"message", message},           {"compile_result", nullptr},
                     {"run_result", nullptr},    {"executor_pod_name", nullptr}, {"files", Ordered::object()}};
  return {.body = json.dump(-1, ' ', false, Ordered::error_handler_t::replace)};
}

}  // namespace

void run_code_route(const RouteContext& context, const Json& body, const Respond& respond) {
  if (context.sandbox == nullptr) return respond(sandbox_error("no sandbox works on this machine: see llmi doctor"));
  const Json& language = member(body, "language");
  if (language != "python" && !language.is_null())
    return respond(sandbox_error(fmt::format("the language {} is not offered: python", language.dump())));
  const std::string mark = fmt::format("\n{:016x}{:016x}\n", random_seed(), random_seed());
  const auto request = code_request(body, mark);
  if (!request) return respond(error_reply(request.error()));
  const auto begin = Clock::now();
  const auto result = context.sandbox->run({}, *request);
  if (!result) return respond(sandbox_error(result.error().message));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  respond({.body = outcome(*result, mark, seconds).dump(-1, ' ', false, Ordered::error_handler_t::replace)});
}

}  // namespace llmi::server
