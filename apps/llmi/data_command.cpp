#include "data_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.h"
#include "base/paths.h"
#include "console.h"
#include "data/check.h"
#include "data/datasheet.h"
#include "data/make.h"
#include "data/material.h"
#include "data/sample.h"
#include "store/corpus.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

fs::path default_material() { return prompts_folder() / "data"; }

struct MakeArguments {
  data::MakeOptions options;
  std::string out = "-";
  std::string material = default_material().string();
  std::string counts;
  std::string sample;
  std::size_t sample_size = 100;
};

/// A generated part of a document: what stands above the mark stays, what stands below is replaced.
Result<void> write_below_mark(const std::string& file, const std::string& text) {
  static constexpr std::string_view kGeneratedMark = "<!-- generated below -->\n";
  std::string above;
  if (fs::exists(file)) {
    LLMI_TRY(above, read_file(file));
    const std::size_t mark = above.find(kGeneratedMark);
    if (mark == std::string::npos) return invalid_argument(file + ": lacks the line " + std::string(kGeneratedMark));
    above.resize(mark);
  }
  return write_file(file, above + std::string(kGeneratedMark) + "\n" + text);
}

Result<int> make_data(Program& program, MakeArguments& arguments) {
  for (const store::CorpusSpec& corpus : store::default_corpora())
    arguments.options.corpora[corpus.name] = corpus.folder;
  LLMI_TRY(const data::Material material, data::read_material(arguments.material));
  LLMI_TRY(const data::DataSet set, data::make({.stop = program.stop}, material, arguments.options));
  std::string text;
  for (const data::Row& row : set.rows) text += data::print(row) + "\n";
  if (arguments.out == "-") {
    print("{}", text);
  } else {
    LLMI_CHECK_OK(write_file(arguments.out, text));
  }
  const std::uint64_t seed = arguments.options.seed;
  if (!arguments.counts.empty()) LLMI_CHECK_OK(write_below_mark(arguments.counts, data::counts_markdown(set, seed)));
  if (!arguments.sample.empty())
    LLMI_CHECK_OK(write_below_mark(arguments.sample, data::sample_markdown(set.rows, arguments.sample_size, seed)));
  if (program.json && arguments.out != "-")
    print("{}\n", nlohmann::ordered_json{{"file", arguments.out},
                                         {"rows", set.rows.size()},
                                         {"seed", seed},
                                         {"discarded",
                                          {{"duplicates", set.discarded.duplicates}, {"leaks", set.discarded.leaks}}}}
                      .dump());
  tell("llmi: {} prompts, {} near-duplicates and {} that named a tool thrown away\n", set.rows.size(),
       set.discarded.duplicates, set.discarded.leaks);
  return 0;
}

Run declare_make(CLI::App& app) {
  const auto arguments = std::make_shared<MakeArguments>();
  data::MakeOptions& options = arguments->options;
  app.add_option("--out", arguments->out, "JSONL file; -: standard output");
  app.add_option("--seed", options.seed, "the same seed gives the same file")->capture_default_str();
  app.add_option("--count", options.count, "how many prompts")->check(CLI::Range(1, 1000000))->capture_default_str();
  app.add_option("--test-share", options.test_share, "least part of each language in the test split")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  app.add_option("--material", arguments->material, "folder the prompts are made of")->capture_default_str();
  app.add_option("--counts", arguments->counts, "Markdown file whose generated part becomes the tables of counts");
  app.add_option("--sample", arguments->sample, "Markdown file whose generated part becomes a sample by seed");
  app.add_option("--sample-size", arguments->sample_size, "prompts in the sample")->capture_default_str();
  return [=](Program& program) { return make_data(program, *arguments); };
}

struct CheckArguments {
  std::string file;
  std::string material = default_material().string();
  bool strict = false;
};

std::string line_of(const data::Finding& finding) {
  return fmt::format("line {}{}{}: {}", finding.line, finding.field.empty() ? "" : ", ", finding.field,
                     finding.message);
}

nlohmann::ordered_json report_json(const data::CheckReport& report) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const data::Finding& finding : report.findings)
    findings.push_back({{"line", finding.line},
                        {"field", finding.field},
                        {"message", finding.message},
                        {"level", finding.remark ? "remark" : "error"}});
  return {{"rows", report.rows}, {"usable", report.usable()}, {"findings", std::move(findings)}};
}

Result<int> check_data(Program& program, const CheckArguments& arguments) {
  LLMI_TRY(const std::string text, read_file(arguments.file));
  if (text.starts_with("PAR1"))
    return invalid_argument(arguments.file + " is parquet: scripts/data-parquet unpack " + arguments.file +
                            " - | llmi data check -");
  LLMI_TRY(const data::Material material, data::read_material(arguments.material));
  const data::CheckReport report =
      data::check(text, {.leaks = material.leaks, .folder = fs::path(arguments.file).parent_path()});
  if (program.json) {
    print("{}\n", report_json(report).dump());
  } else {
    for (const data::Finding& finding : report.findings)
      tell("llmi: {}{}\n", finding.remark ? "remark: " : "", line_of(finding));
    print("{}: {} rows, {} findings\n", arguments.file, report.rows, report.findings.size());
  }
  const bool good = arguments.strict ? report.findings.empty() : report.usable();
  return good ? 0 : 2;
}

Run declare_check(CLI::App& app) {
  const auto arguments = std::make_shared<CheckArguments>();
  app.add_option("FILE", arguments->file, "JSONL, one row a line; -: standard input")->required();
  app.add_flag("--strict", arguments->strict, "remarks (a named tool, near-duplicates) count as errors");
  app.add_option("--material", arguments->material, "folder with leaks.txt")->capture_default_str();
  return [=](Program& program) { return check_data(program, *arguments); };
}

constexpr std::array kParts{
    Command{"make", "writes prompts for a seed, with their picture counts and required tools", declare_make},
    Command{"check", "checks a file of prompts and names row and field of what is wrong", declare_check},
};

}  // namespace

Run declare_data(CLI::App& app) { return declare_parts(app, kParts); }

}  // namespace llmi::app
