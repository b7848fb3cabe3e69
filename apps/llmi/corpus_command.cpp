#include "corpus_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "search_setup.h"
#include "store/corpus.h"
#include "tools/search/licence.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string folder;
  std::string name;
  std::string licence;
  std::string creator;
  std::string removed;
  std::string query;
  std::size_t limit = 10;
};

/// One line; file names may hold any bytes.
void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::fflush(stdout);
}

Json problems_json(const std::vector<store::Problem>& problems) {
  Json list = Json::array();
  for (const store::Problem& problem : problems) list.push_back({{"file", problem.file}, {"reason", problem.reason}});
  return list;
}

Json info_json(const store::CorpusInfo& info) {
  Json json{{"name", info.spec.name},
            {"folder", info.spec.folder.string()},
            {"pictures", info.pictures},
            {"licence", info.spec.licence},
            {"creator", info.spec.creator},
            {"present", info.present},
            {"skipped", problems_json(info.skipped)},
            {"warnings", problems_json(info.warnings)}};
  if (!info.reason.empty()) json["reason"] = info.reason;
  return json;
}

Json picture_json(const store::FoundPicture& picture) {
  return {
      {"title", picture.title},     {"file", picture.file.string()}, {"corpus", picture.corpus},
      {"width", picture.width},     {"height", picture.height},      {"licence", picture.licence},
      {"creator", picture.creator}, {"page_url", picture.page_url},  {"score", std::round(picture.score * 1e4) / 1e4}};
}

Result<int> add(Program& program, const Arguments& arguments) {
  const store::CorpusSpec spec{.name = arguments.name,
                               .folder = arguments.folder,
                               .licence = tools::normalise_licence(arguments.licence),
                               .creator = arguments.creator};
  LLMI_TRY(const store::CorpusInfo info, make_corpora(program.settings)->add({.stop = program.stop}, spec));
  if (!info.present) return fail(ErrorCode::kUnreadable, Origin::kCaller, info.reason);
  for (const store::Problem& problem : info.skipped)
    fmt::print(stderr, "llmi: skipped {}: {}\n", problem.file, problem.reason);
  for (const store::Problem& problem : info.warnings)
    fmt::print(stderr, "llmi: did not read {}: {}\n", problem.file, problem.reason);
  if (program.json) {
    print_json(info_json(info));
  } else {
    fmt::print("{}: {} pictures, {} skipped\n", info.spec.name, info.pictures, info.skipped.size());
  }
  return 0;
}

Result<int> list(Program& program) {
  LLMI_TRY(const std::vector<store::CorpusInfo> infos, make_corpora(program.settings)->list({.stop = program.stop}));
  if (program.json) {
    Json corpora = Json::array();
    for (const store::CorpusInfo& info : infos) corpora.push_back(info_json(info));
    print_json({{"corpora", corpora}});
    return 0;
  }
  for (const store::CorpusInfo& info : infos)
    fmt::print("{:<18} {:>7} pictures  {:<18} {}{}\n", info.spec.name, info.pictures,
               info.spec.licence.empty() ? "-" : info.spec.licence, info.spec.folder.string(),
               info.present ? "" : "  (" + info.reason + ")");
  return 0;
}

Result<int> remove(Program& program, const Arguments& arguments) {
  LLMI_CHECK_OK(make_corpora(program.settings)->remove({.stop = program.stop}, arguments.removed));
  if (program.json) print_json({{"removed", arguments.removed}});
  return 0;
}

Result<Json> search_json(store::Corpora& corpora, const RunContext& context, const std::string& query,
                         std::size_t limit) {
  LLMI_TRY(const std::vector<store::FoundPicture> found, corpora.search(context, query, "", limit));
  Json results = Json::array();
  for (const store::FoundPicture& picture : found) results.push_back(picture_json(picture));
  return Json{{"query", query}, {"results", std::move(results)}};
}

Result<int> search_lines(Program& program, std::size_t limit) {
  const std::shared_ptr<store::Corpora> corpora = make_corpora(program.settings);
  const RunContext context{.stop = program.stop};
  for (std::string line; std::getline(std::cin, line);) {
    LLMI_CHECK_OK(context.check());
    if (line.ends_with('\r')) line.pop_back();
    LLMI_TRY(const Json answer, search_json(*corpora, context, line, limit));
    print_json(answer);
  }
  return 0;
}

Result<int> search(Program& program, const Arguments& arguments) {
  if (arguments.query == "-") return search_lines(program, arguments.limit);
  LLMI_TRY(const Json answer,
           search_json(*make_corpora(program.settings), {.stop = program.stop}, arguments.query, arguments.limit));
  if (program.json) {
    print_json(answer);
    return 0;
  }
  if (answer["results"].empty()) fmt::print(stderr, "llmi: no picture fits \"{}\"\n", arguments.query);
  for (const Json& picture : answer["results"])
    fmt::print("{}\t{}x{}\t{}\t{}\n", picture["title"].get<std::string>(), picture["width"].get<int>(),
               picture["height"].get<int>(), picture["licence"].get<std::string>(), picture["file"].get<std::string>());
  return 0;
}

}  // namespace

Run declare_corpus(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  app.require_subcommand(1);
  CLI::App* add_app = app.add_subcommand("add", "index a folder of pictures; bad ones are reported and left out");
  add_app->add_option("DIR", arguments->folder, "folder of pictures, with texts in .txt and .json files beside them")
      ->required();
  add_app->add_option("--name", arguments->name, "name of the corpus (default: the folder's)");
  add_app->add_option("--licence", arguments->licence, "licence of pictures that name none themselves, e.g. CC-BY-4.0");
  add_app->add_option("--creator", arguments->creator, "creator of pictures that name none themselves");
  CLI::App* list_app = app.add_subcommand("list", "names, folders, numbers of pictures and licences");
  CLI::App* remove_app = app.add_subcommand("remove", "forget a corpus; its pictures stay where they are");
  remove_app->add_option("NAME", arguments->removed, "as llmi corpus list prints it")->required();
  CLI::App* search_app = app.add_subcommand("search", "the pictures that fit a query, best first");
  search_app
      ->add_option("QUERY", arguments->query,
                   "what to find; -: one query a line from standard input, each answered with one JSON line at once")
      ->required();
  search_app->add_option("--limit", arguments->limit, "most results")->check(CLI::Range(1, 1000));
  return [=](Program& program) -> Result<int> {
    if (add_app->parsed()) return add(program, *arguments);
    if (list_app->parsed()) return list(program);
    return remove_app->parsed() ? remove(program, *arguments) : search(program, *arguments);
  };
}

}  // namespace llmi::app
