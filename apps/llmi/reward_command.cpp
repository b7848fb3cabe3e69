#include "reward_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "judge_setup.h"
#include "reward/sample_fields.h"
#include "reward/sample_reader.h"
#include "reward/score_json.h"
#include "reward/scorer.h"
#include "sample_pictures.h"
#include "score_file.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{4} << 30;
/// Samples whose judges are awaited at the same time.
constexpr std::size_t kMostOpen = 512;

struct RewardArguments {
  std::string in;
  std::string out = "-";
  std::string reverify;
  std::uint64_t seed = 0;
  bool resume = false;
};

struct Line {
  std::size_t number = 0;
  std::string text;
};

/// The lines of a file that hold anything.
Result<std::vector<Line>> read_lines(const std::string& file) {
  LLMI_TRY(const std::string text, read_file(file, kMostBytes));
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++number;
    if (text.find_first_not_of(" \t\r", at) < end) lines.push_back({number, text.substr(at, end - at)});
    at = end + 1;
  }
  return lines;
}

std::unexpected<Error> bad_line(const std::string& file, const Line& line, const Error& error) {
  Error named = error;
  named.message = fmt::format("{}: line {}: {}", file == "-" ? "standard input" : file, line.number, error.message);
  return std::unexpected(std::move(named));
}

Result<Json> parse_line(const Line& line) {
  Json row = Json::parse(line.text, nullptr, false);
  if (row.is_discarded()) return invalid_argument("is no JSON");
  if (!row.is_object()) return invalid_argument("is no JSON object");
  return row;
}

/// All rows are looked at before the first is scored: a typing error shows at once.
Result<void> check_lines(const std::string& file, const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    const auto row = parse_line(line);
    if (!row) return bad_line(file, line, row.error());
    const auto plain = reward::read_plain_fields(reward::flattened(*row));
    if (!plain) return bad_line(file, line, plain.error());
  }
  return {};
}

/// How many rows came to what; 0 or 3.
class Tally {
 public:
  void add(std::string_view status) {
    const std::scoped_lock lock(mutex_);
    ++done_;
    if (status != "ok" && status != "rules_only") ++without_;
  }
  [[nodiscard]] std::size_t done() const {
    const std::scoped_lock lock(mutex_);
    return done_;
  }
  [[nodiscard]] std::size_t without() const {
    const std::scoped_lock lock(mutex_);
    return without_;
  }
  [[nodiscard]] int exit_code() const { return without() == 0 ? 0 : 3; }

 private:
  mutable std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t without_ = 0;
};

/// A line on the terminal that says how far it is; on a pipe one every ten seconds.
class ScoringProgress {
 public:
  ScoringProgress(const Tally& tally, std::size_t rows)
      : thread_([this, &tally, rows](const std::stop_token& stop) { show(stop, tally, rows); }) {}

 private:
  void show(const std::stop_token& stop, const Tally& tally, std::size_t rows) {
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    std::unique_lock lock(mutex_);
    const auto pause = terminal ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
    while (!wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); }))
      tell("{}llmi: {} of {} rows scored, {} without a score{}", terminal ? "\r" : "", tally.done(), rows,
           tally.without(), terminal ? "\033[K" : "\n");
    if (terminal) tell("\r\033[K");
  }
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// Scores all lines: several threads read samples and make pictures, the judges' threads finish the scores.
class Scoring {
 public:
  Scoring(const reward::SampleReader& reader, const reward::Scorer& scorer, std::string variant, ScoreFile& file)
      : reader_(reader), scorer_(scorer), variant_(std::move(variant)), file_(file) {}

  Result<int> run(const RunContext& context, const std::string& name, const std::vector<Line>& lines) {
    {
      const ScoringProgress progress(tally_, lines.size());
      std::vector<std::jthread> threads;
      const unsigned count = std::max(2U, std::thread::hardware_concurrency());
      for (unsigned i = 0; i < count; ++i) threads.emplace_back([&] { work(context, name, lines); });
      threads.clear();
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return open_ == 0; });
    }
    LLMI_CHECK_OK(file_.finish());
    if (error_) return std::unexpected(*error_);
    LLMI_CHECK_OK(context.check());
    tell("llmi: {} rows, {} without a score\n", lines.size(), tally_.without());
    return tally_.exit_code();
  }

 private:
  void work(const RunContext& context, const std::string& name, const std::vector<Line>& lines) {
    for (std::size_t row = next_++; row < lines.size() && !failed_ && !context.cancelled(); row = next_++) {
      const auto json = parse_line(lines[row]);
      auto sample = json ? reader_.read(context, *json) : Result<reward::Sample>(std::unexpected(json.error()));
      if (!sample) return give_up(bad_line(name, lines[row], sample.error()).error());
      if (!reuse(row, *sample)) submit(context, row, *std::move(sample));
    }
  }

  bool reuse(std::size_t row, const reward::Sample& sample) {
    const auto known = file_.known(reward::content_hash(sample), variant_);
    if (!known) return false;
    auto json = nlohmann::ordered_json::parse(*known);
    if (!sample.id.empty()) json["id"] = sample.id;
    tally_.add(json["status"].get<std::string>());
    file_.put(row, json.dump());
    return true;
  }

  void submit(const RunContext& context, std::size_t row, reward::Sample sample) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return open_ < kMostOpen; });
      ++open_;
    }
    scorer_.submit(context, std::move(sample), [this, row, stop = context.stop](const reward::Score& score) {
      // What an interruption left without a score is as if it had not begun.
      if (score.score || !stop.stop_requested()) {
        tally_.add(name(score.status));
        file_.put(row, reward::to_json(score).dump(-1, ' ', false, Json::error_handler_t::replace));
      }
      const std::scoped_lock lock(mutex_);
      --open_;
      room_.notify_all();
    });
  }

  void give_up(Error error) {
    const std::scoped_lock lock(mutex_);
    if (!error_) error_ = std::move(error);
    failed_ = true;
  }

  const reward::SampleReader& reader_;
  const reward::Scorer& scorer_;
  const std::string variant_;
  ScoreFile& file_;
  Tally tally_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable room_;
  std::size_t open_ = 0;
  std::optional<Error> error_;
};

Result<int> score(Program& program, const RewardArguments& arguments) {
  const config::Settings& settings = program.settings;
  LLMI_TRY(const std::vector<Line> lines, read_lines(arguments.in));
  LLMI_CHECK_OK(check_lines(arguments.in, lines));
  LLMI_TRY(const auto network, make_network(settings));
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(settings, network, ""));
  LLMI_TRY(const Judges judges, make_judges(settings, *network, arguments.seed, program.stop));
  reward::PictureIntake intake;
  const reward::SampleReader reader(intake, {.base = fs::absolute(arguments.in).parent_path(), .anywhere = true});
  const std::string variant = settings.text("reward.variant");
  const reward::Scorer scorer({.variant = *reward::variant_from_name(variant),
                               .llm = judges.llm.get(),
                               .mllm = judges.mllm.get(),
                               .intake = &intake,
                               .make_pictures = sample_picture_maker(settings, toolbox)});
  LLMI_TRY(const auto file, ScoreFile::open(arguments.out, lines.size(), arguments.resume));
  return Scoring(reader, scorer, variant, *file)
      .run({.stop = program.stop, .seed = arguments.seed}, arguments.in, lines);
}

Result<int> reverify(Program& program, const RewardArguments& arguments) {
  const config::Settings& settings = program.settings;
  LLMI_TRY(const std::vector<Line> lines, read_lines(arguments.reverify));
  std::optional<reward::Variant> variant;
  if (settings.origin("reward.variant") == config::Origin::kFlag)
    variant = reward::variant_from_name(settings.text("reward.variant"));
  std::string all;
  Tally tally;
  for (const Line& line : lines) {
    const auto row = parse_line(line);
    if (!row) return bad_line(arguments.reverify, line, row.error());
    const auto again = reward::reverified(*row, variant);
    if (!again) return bad_line(arguments.reverify, line, again.error());
    tally.add((*again)["status"].get<std::string>());
    all += again->dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  if (arguments.out == "-") {
    print("{}", all);
  } else {
    LLMI_CHECK_OK(write_file(arguments.out, all));
  }
  tell("llmi: {} rows, {} without a score\n", lines.size(), tally.without());
  return tally.exit_code();
}

Result<int> run(Program& program, const RewardArguments& arguments, const ConfigFlags& flags) {
  LLMI_CHECK_OK(flags.apply(program.settings));
  if (!arguments.reverify.empty()) return reverify(program, arguments);
  if (arguments.in.empty()) return invalid_argument("--in FILE is needed: samples, one JSON object a line");
  return score(program, arguments);
}

}  // namespace

Run declare_reward(CLI::App& app) {
  const auto arguments = std::make_shared<RewardArguments>();
  CLI::Option* in = app.add_option("--in", arguments->in, "samples, one JSON object a line; -: standard input");
  app.add_option("--out", arguments->out, "scores, one a line in the order of the samples; -: standard output");
  app.add_option("--reverify", arguments->reverify, "scores of an earlier run: computed again without any call")
      ->excludes(in);
  app.add_option("--seed", arguments->seed, "of the judges' requests")->capture_default_str();
  app.add_flag("--resume", arguments->resume, "keeps the scores that an earlier run left in --out");
  const ConfigFlags flags(app, {"reward.variant", "reward.llm_judge", "reward.mllm_judge", "reward.judge_timeout",
                                "reward.judge_retries", "reward.judge_concurrency"});
  return [=](Program& program) { return run(program, *arguments, flags); };
}

}  // namespace llmi::app
