#include "tool_search_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "connections.h"
#include "search_setup.h"
#include "tool_result.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string query;
  std::string out;
  bool list = false;
};

constexpr std::size_t kListed = 24;

Json candidates_json(const std::vector<tools::Candidate>& candidates) {
  Json list = Json::array();
  for (const tools::Candidate& candidate : candidates) {
    Json row{{"title", candidate.title},
             {"provider", candidate.provider},
             {"width", candidate.width},
             {"height", candidate.height},
             {"licence", candidate.licence},
             {"licence_url", candidate.licence_url},
             {"creator", candidate.creator},
             {"page_url", candidate.page_url},
             {"score", std::round(candidate.score * 1e4) / 1e4}};
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

std::filesystem::path place_of(const Arguments& arguments, const tools::Outcome& outcome) {
  if (!arguments.out.empty() || outcome.made() == nullptr) return arguments.out;
  return fmt::format("picture.{}", image::extension(outcome.made()->picture.format));
}

Result<int> search(Program& program, const Arguments& arguments) {
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const std::unique_ptr<tools::SearchTool> tool, make_search_tool(program.settings, network));
  const RunContext context{.stop = program.stop};
  const tools::SearchQuery query{.text = arguments.query, .limit = kListed};
  if (arguments.list) {
    LLMI_TRY(const auto candidates, tool->list(context, query));
    return print_list(program, candidates);
  }
  const auto started = Clock::now();
  const tools::SearchTool::Found found = tool->find(context, query);
  const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  const Json extra{{"results", candidates_json(found.candidates)}};
  return report_tool_outcome(program, found.outcome, place_of(arguments, found.outcome), duration,
                             extra.dump(-1, ' ', false, Json::error_handler_t::replace));
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
