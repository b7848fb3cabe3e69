#include "tool_search_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.h"
#include "document/json.h"
#include "search_setup.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string query;
  std::string out;
  bool list = false;
};

constexpr int kFaultExit = 4;
constexpr std::size_t kListed = 24;

Json candidates_json(const std::vector<tools::Candidate>& candidates) {
  Json list = Json::array();
  for (const tools::Candidate& candidate : candidates) {
    Json row{{"title", candidate.title},     {"provider", candidate.provider}, {"width", candidate.width},
             {"height", candidate.height},   {"licence", candidate.licence},   {"licence_url", candidate.licence_url},
             {"creator", candidate.creator}, {"page_url", candidate.page_url}, {"score", candidate.score}};
    if (!candidate.file.empty()) row["file"] = candidate.file.string();
    if (!candidate.url.empty()) row["url"] = candidate.url;
    list.push_back(std::move(row));
  }
  return list;
}

void print_json(const Json& json) { fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

int print_list(const Program& program, const std::vector<tools::Candidate>& candidates) {
  if (program.json) {
    print_json({{"results", candidates_json(candidates)}});
    return 0;
  }
  for (const tools::Candidate& candidate : candidates)
    fmt::print("{}\t{}x{}\t{}\t{}\n", candidate.title, candidate.width, candidate.height, candidate.licence,
               candidate.file.empty() ? candidate.url : candidate.file.string());
  return 0;
}

/// Nothing may lie at the place of the picture then, not even an older one that could be taken for it.
int print_fault(const Program& program, const Fault& fault, const std::string& out, const Json& results) {
  std::error_code ignored;
  if (!out.empty()) std::filesystem::remove(out, ignored);
  if (program.json) {
    print_json({{"status", "failed"}, {"fault", {{"stage", name(fault.stage)}, {"message", fault.message}}}, {"results", results}});
  } else {
    fmt::print(stderr, "llmi: {}\n", fault.message);
  }
  return kFaultExit;
}

Result<int> print_made(const Program& program, tools::Made made, const std::filesystem::path& out, const Json& results) {
  LLMI_CHECK_OK(write_file(out, made.picture.bytes));
  if (!program.json) {
    fmt::print("{}\n", out.string());
    fmt::print(stderr, "{}\n", made.provenance.attribution);
    return 0;
  }
  Json json{{"status", "ok"},
            {"file", out.string()},
            {"width", made.picture.width},
            {"height", made.picture.height},
            {"duration_ms", made.provenance.duration.count()},
            {"provenance", Json::parse(document::provenance_json(made.provenance))},
            {"results", results}};
  print_json(json);
  return 0;
}

Result<int> search(Program& program, const Arguments& arguments) {
  const std::unique_ptr<tools::SearchTool> tool = make_search_tool(program.settings);
  const RunContext context{.stop = program.stop};
  const auto started = Clock::now();
  auto candidates = tool->list(context, {.text = arguments.query, .limit = kListed});
  if (!candidates) return std::unexpected(candidates.error());
  if (arguments.list) return print_list(program, *candidates);
  const Json results = candidates_json(*candidates);
  tools::Outcome outcome = tool->choose(context, arguments.query, *candidates);
  if (const Fault* fault = outcome.fault()) return print_fault(program, *fault, arguments.out, results);
  auto made = std::get<tools::Made>(std::move(outcome.result));
  made.provenance.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  const std::string out = arguments.out.empty() ? fmt::format("picture.{}", image::extension(made.picture.format)) : arguments.out;
  return print_made(program, std::move(made), out, results);
}

}  // namespace

Run declare_tool_search(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  app.add_option("QUERY", arguments->query, "what the picture shows")->required();
  app.add_option("--out", arguments->out, "file for the picture (default: picture.png or picture.jpg here)");
  app.add_flag("--list", arguments->list, "list the candidates, best first, without choosing one");
  return [arguments](Program& program) { return search(program, *arguments); };
}

}  // namespace llmi::app
