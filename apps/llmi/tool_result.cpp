#include "tool_result.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/file.h"
#include "connections.h"
#include "document/json.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

void add_report(Json& json, const tools::CodeReport& report) {
  json["stdout"] = report.out;
  json["stderr"] = report.err;
  json["figures"] = report.figures;
  json["drawn"] = {
      {"titles", report.drawn.titles}, {"axis_labels", report.drawn.axis_labels}, {"series", report.drawn.series}};
}

Json outcome_json(const tools::Outcome& outcome, const std::filesystem::path& out, std::chrono::milliseconds duration) {
  Json json;
  if (const Fault* fault = outcome.fault()) {
    json["status"] = "failed";
    json["fault"] = {{"stage", name(fault->stage)}, {"message", fault->message}};
  } else {
    const tools::Made& made = *outcome.made();
    document::Provenance provenance = made.provenance;
    provenance.duration = duration;
    json = {{"status", "ok"},
            {"file", out.empty() ? Json() : Json(out.string())},
            {"width", made.picture.width},
            {"height", made.picture.height}};
    json["duration_ms"] = duration.count();
    json["provenance"] = Json::parse(document::provenance_json(provenance));
  }
  if (outcome.report) add_report(json, *outcome.report);
  return json;
}

void print_for_people(const tools::Outcome& outcome, const std::filesystem::path& out) {
  if (outcome.report) {
    fmt::print("{}", outcome.report->out);
    fmt::print(stderr, "{}", outcome.report->err);
  }
  if (const Fault* fault = outcome.fault()) {
    fmt::print(stderr, "llmi: {}: {}\n", name(fault->stage), fault->message);
  } else if (!out.empty()) {
    fmt::print("{}\n", out.string());
  }
}

}  // namespace

Result<int> report_tool_outcome(const Program& program, const tools::Outcome& outcome, const std::filesystem::path& out,
                                std::chrono::milliseconds duration, const std::string& extra) {
  std::error_code ignored;
  if (outcome.fault() != nullptr && !out.empty()) std::filesystem::remove(out, ignored);
  if (const tools::Made* made = outcome.made(); made != nullptr && !out.empty())
    LLMI_CHECK_OK(write_file(out, made->picture.bytes));
  if (program.json) {
    Json json = outcome_json(outcome, out, duration);
    if (!extra.empty()) json.update(Json::parse(extra));
    fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_for_people(outcome, out);
  }
  if (outcome.fault() == nullptr) return 0;
  return outcome.unreachable ? 3 : 4;
}

Result<int> run_tool(const Program& program, ToolMaker make, const MakeRequest& request,
                     const std::filesystem::path& out, std::uint64_t seed) {
  const RunContext context{.stop = program.stop, .seed = seed};
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const auto tool, make(program.settings, network));
  if (const auto availability = tool->availability(); !availability.usable)
    return fail(ErrorCode::kUnavailable, Origin::kTool,
                fmt::format("{}; {}", availability.reason, availability.remedy));
  const auto begin = Clock::now();
  LLMI_TRY(const auto ready, request(context));
  const tools::Outcome outcome = ready ? tool->run(context, *ready) : tools::Outcome{.result = ready.error()};
  return report_tool_outcome(program, outcome, out,
                             std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin));
}

}  // namespace llmi::app
