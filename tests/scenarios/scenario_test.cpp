// Runs tests/scenarios/*.scn: what a session does, step by step, without a clock. The format is in
// docs/formats/scenario.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "agent/session.h"
#include "base/file.h"
#include "scenarios/stage.h"
#include "store/cache.h"
#include "tag/parser.h"
#include "tag/tag.h"

namespace llmi::scenario {
namespace {

namespace fs = std::filesystem;

struct Scenario {
  std::string name;
  std::string file;
  std::vector<std::pair<std::string, std::string>> steps;  ///< First word, rest of the line.
};

std::vector<Scenario> read_scenarios() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator("tests/scenarios")) {
    if (entry.path().extension() == ".scn") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Scenario> all;
  for (const fs::path& file : files) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line.starts_with('#')) continue;
      if (line.starts_with("== ")) {
        all.push_back({line.substr(3), file.stem().string(), {}});
        continue;
      }
      const std::size_t space = std::min(line.find(' '), line.size());
      all.back().steps.emplace_back(line.substr(0, space), space == line.size() ? "" : line.substr(space + 1));
    }
  }
  return all;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// "search fox", "edit 0 grey", "code x" as a tag; the description is the last word.
std::string tag_of(const std::string& text) {
  const auto parts = words(text);
  const std::string& name = parts.back();
  if (parts[0] == "edit") return tag::print({name, tag::EditParams{std::stoul(parts[1]), "grey"}});
  if (parts[0] == "code") return tag::print({name, tag::CodeParams{"plt.plot([1])"}});
  if (parts[0] == "diffusion") return tag::print({name, tag::DiffusionParams{name}});
  return tag::print({name, tag::SearchParams{parts.size() > 2 ? parts[1] : name}});
}

class Play {
 public:
  explicit Play(const Scenario& scenario) : scenario_(scenario) {}

  void run() {
    for (const auto& [verb, rest] : scenario_.steps) {
      SCOPED_TRACE(fmt::format("{} {}", verb, rest));
      step(verb, rest);
      if (testing::Test::HasFatalFailure()) break;
    }
    model_->answer.close();
    stop_.request_stop();
    if (session_.joinable()) session_.join();
  }

 private:
  void step(const std::string& verb, const std::string& rest) {
    if (set_up(verb, rest)) return;
    if (verb == "resume") return resume();
    if (!session_.joinable()) start();
    if (verb == "tag") return say(tag_of(rest) + "\n\n");
    if (verb == "text") return say(rest + "\n\n");
    if (verb == "raw") return say(rest);
    if (verb == "many") return say_many(std::stoul(rest));
    if (verb == "end") return static_cast<void>(model_->answer.send({Cue::Kind::kEnd, {}}));
    if (verb == "break") return static_cast<void>(model_->answer.send({Cue::Kind::kBreak, {}}));
    if (verb == "reply") return static_cast<void>(model_->repairs.send({Cue::Kind::kText, rest}));
    if (verb == "reply-tag") return static_cast<void>(model_->repairs.send({Cue::Kind::kText, tag_of(rest)}));
    if (verb == "reply-break") return static_cast<void>(model_->repairs.send({Cue::Kind::kBreak, {}}));
    if (verb == "ok") return gate_.open(rest, made(rest));
    if (verb == "fail") return let_fail(words(rest));
    if (verb == "cancel") return static_cast<void>(stop_.request_stop());
    if (verb == "see") return wait_for(rest);
    finish();
    check(verb, rest);
  }

  bool set_up(const std::string& verb, const std::string& rest) {
    if (verb == "figures")
      task_.figures = figures(rest);
    else if (verb == "inputs")
      add_inputs(std::stoul(rest));
    else if (verb == "limit")
      limit_ = std::stoul(rest);
    else if (verb == "tools")
      offered_ = words(rest);
    else if (verb == "repairs")
      task_.limits.max_repairs = std::stoul(rest);
    else if (verb == "pictures")
      task_.limits.max_pictures = std::stoul(rest);
    else if (verb == "calls")
      task_.limits.max_tool_calls = std::stoul(rest);
    else if (verb == "deadline")
      deadline_ = std::chrono::milliseconds(std::stoul(rest));
    else if (verb == "dry-run")
      task_.dry_run = true;
    else if (verb == "cache")
      cacheable_ = true;
    else
      return false;
    return true;
  }

  static agent::FigureCount figures(const std::string& text) {
    using Kind = agent::FigureCount::Kind;
    if (text == "none") return {Kind::kNone};
    if (text == "some") return {Kind::kSome};
    if (text == "any") return {Kind::kAny};
    return {Kind::kExactly, std::stoul(text)};
  }

  void add_inputs(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto picture = std::make_shared<image::Picture>(
          image::Picture{.bytes = fmt::format("input {}", i), .width = 1, .height = 1});
      task_.inputs.push_back({.name = fmt::format("{}.png", i), .file = {}, .picture = std::move(picture)});
    }
  }

  void start() {
    task_.prompt = "Foxes";
    constexpr std::array kSources{tag::Source::kSearch, tag::Source::kDiffusion, tag::Source::kCode,
                                  tag::Source::kEdit};
    for (const tag::Source source : kSources) {
      if (std::ranges::count(offered_, std::string(tag::name(source))) > 0)
        tools_.push_back(std::make_unique<GatedTool>(source, gate_, limit_, cacheable_));
    }
    services_.model = model_.get();
    for (const auto& tool : tools_) services_.tools.push_back(tool.get());
    if (cacheable_) {
      folder_.emplace(TemporaryFolder::make().value());
      cache_ = store::Cache::open(folder_->path(), 1 << 20).value();
      services_.cache = cache_.get();
    }
    RunContext context{.stop = stop_.get_token(), .seed = 7};
    if (deadline_.count() > 0) context.deadline = Deadline::after(deadline_);
    play([this, context](const document::EventSink& sink) { return agent::write(context, services_, task_, sink); });
  }

  /// A new session, with a new model, goes on with what the last one left.
  void resume() {
    wait_for_end();
    session_.join();
    earlier_.picture = [this](const document::ReadyFigure& figure) -> Result<image::Picture> {
      return pictures_.at(figure.file);
    };
    model_ = std::make_unique<CuedModel>();
    services_.model = model_.get();
    stop_ = {};
    over_ = false;
    seen_.clear();
    const RunContext context{.stop = stop_.get_token(), .seed = 7};
    play([this, context, earlier = earlier_](const document::EventSink& sink) {
      return agent::resume(context, services_, task_, earlier, sink);
    });
  }

  void play(const std::function<Result<agent::Report>(const document::EventSink&)>& session) {
    session_ = std::jthread([this, session] {
      report_ = session([this](const document::Event& event) { record(event); });
      const std::scoped_lock lock(mutex_);
      over_ = true;
      changed_.notify_all();
    });
  }

  void say(const std::string& text) { model_->answer.send({Cue::Kind::kText, text}); }
  void say_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) say(tag_of(fmt::format("search t{}", i)) + "\n\n");
  }
  void let_fail(const std::vector<std::string>& parts) {
    gate_.open(parts.at(0), failed(stage_from_name(parts.at(1)).value(), "as told"));
  }

  void record(const document::Event& event) {
    const std::scoped_lock lock(mutex_);
    std::visit([this](const auto& body) { note(body); }, event.body);
    if (!std::holds_alternative<document::AnswerGrew>(event.body)) earlier_.events.push_back(event);
    if (!log_.empty()) seen_.insert(log_.back());
    changed_.notify_all();
  }
  void note(const document::FigurePlanned& e) { log_.push_back(fmt::format("planned:{}", e.index)); }
  void note(const document::FigureStarted& e) {
    log_.push_back(fmt::format("started:{}", e.index));
    most_running_ = std::max(most_running_, ++running_);
  }
  void note(const document::FigureReady& e) {
    log_.push_back(fmt::format("ready:{}", e.index));
    pictures_[e.figure.file] = *e.picture;
    --running_;
  }
  void note(const document::FigureFailed& e) { log_.push_back(fmt::format("{}:{}", name(e.fault.stage), e.index)); }
  void note(const document::FigureRepaired& e) {
    log_.push_back(fmt::format("repaired:{}", e.index));
    --running_;
  }
  void note(const document::RunStarted&) { log_.emplace_back("run"); }
  void note(const document::RunFinished&) { log_.emplace_back("over"); }
  void note(const document::RunResumed& e) {
    log_.emplace_back("resumed");
    earlier_.answer.resize(e.answer_bytes);
    running_ = 0;
  }
  void note(const document::AnswerGrew& e) { earlier_.answer += e.bytes; }
  void note(const document::AnswerFinished&) {}

  /// Waits until every one of these events has come. The limit only ends a test that has failed.
  void wait_for(const std::string& rest) {
    std::unique_lock lock(mutex_);
    for (const std::string& wanted : words(rest)) {
      const bool came =
          changed_.wait_for(lock, std::chrono::seconds(20), [&] { return over_ || seen_.contains(wanted); });
      ASSERT_TRUE(came && seen_.contains(wanted))
          << "no " << wanted << " in: " << fmt::format("{}", fmt::join(log_, " "));
    }
  }

  void wait_for_end() {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), [&] { return over_; }))
        << "the session does not end: " << fmt::format("{}", fmt::join(log_, " "));
  }

  void finish() {
    if (finished_) return;
    model_->answer.send({Cue::Kind::kEnd, {}});
    wait_for_end();
    finished_ = true;
  }

  void check(const std::string& verb, const std::string& rest) {
    if (!finished_) return;
    if (verb == "log") {
      EXPECT_EQ(fmt::format("{}", fmt::join(log_, " ")), rest);
    } else if (verb == "result") {
      EXPECT_EQ(result(), rest);
    } else if (verb == "asked") {
      EXPECT_NE(fmt::format("{}", fmt::join(model_->asked(), "\n")).find(rest), std::string::npos)
          << fmt::format("{}", fmt::join(model_->asked(), "\n"));
    } else if (verb == "answer") {
      EXPECT_EQ(words_of_answer(), rest);
    } else if (verb == "most-running") {
      EXPECT_EQ(most_running_, std::stoi(rest));
    } else if (verb == "usage") {
      const document::Usage& usage = report_->document.usage;
      EXPECT_EQ(
          fmt::format("model {} tools {} cached {}", usage.model_calls, usage.tool_calls, usage.cached_tool_calls),
          rest);
    } else if (verb == "counts") {
      EXPECT_EQ(counts(), rest);
    } else {
      ADD_FAILURE() << "no such step: " << verb;
    }
  }

  /// "complete 0=ready 1=tool" or "error unavailable".
  [[nodiscard]] std::string result() const {
    if (!report_) return fmt::format("error {}", name(report_.error().code));
    std::string text = report_->document.complete ? "complete" : "partial";
    if (report_->error) text += fmt::format(" ({})", name(report_->error->code));
    for (const document::Block& block : report_->document.blocks) {
      const auto* figure = std::get_if<document::FigureBlock>(&block);
      if (figure == nullptr) continue;
      text += fmt::format(" {}={}", figure->index,
                          figure->ready() != nullptr ? "ready" : std::string(name(figure->fault()->stage)));
    }
    return text;
  }
  /// The answer on one line, a tag as its description in angle brackets.
  [[nodiscard]] std::string words_of_answer() const {
    std::string text;
    for (const tag::Item& item : tag::parse(report_->document.answer)) {
      if (const auto* words = std::get_if<tag::TextItem>(&item)) text += words->text;
      if (const auto* call = std::get_if<tag::TagItem>(&item)) text += "<" + call->tag.description + ">";
      if (std::holds_alternative<tag::FaultItem>(item)) text += "<?>";
    }
    return fmt::format("{}", fmt::join(words(text), " "));
  }
  [[nodiscard]] std::string counts() const {
    std::map<std::string, int> counts;
    for (const std::string& word : words(result())) ++counts[word.substr(word.find('=') + 1)];
    std::string text;
    for (const auto& [word, count] : counts) text += fmt::format("{}{}={}", text.empty() ? "" : " ", word, count);
    return text;
  }

  const Scenario& scenario_;
  agent::Task task_;
  std::vector<std::string> offered_{"search", "code", "edit"};
  std::size_t limit_ = 4;
  bool cacheable_ = false;
  std::chrono::milliseconds deadline_{0};
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<store::Cache> cache_;
  agent::Earlier earlier_;
  std::map<std::string, image::Picture> pictures_;
  Gate gate_;
  std::unique_ptr<CuedModel> model_ = std::make_unique<CuedModel>();
  std::vector<std::unique_ptr<GatedTool>> tools_;
  agent::Services services_;
  std::stop_source stop_;
  Result<agent::Report> report_ = internal_error("the session did not end");

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> log_;  // guarded by mutex_
  std::set<std::string> seen_;    // guarded by mutex_; the log's entries
  int running_ = 0;               // guarded by mutex_
  int most_running_ = 0;          // guarded by mutex_
  bool over_ = false;             // guarded by mutex_
  bool finished_ = false;
  std::jthread session_;
};

class ScenarioTest : public testing::TestWithParam<Scenario> {};

TEST_P(ScenarioTest, Plays) { Play(GetParam()).run(); }

INSTANTIATE_TEST_SUITE_P(All, ScenarioTest, testing::ValuesIn(read_scenarios()), [](const auto& info) {
  std::string name = info.param.file + "_" + info.param.name;
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace llmi::scenario
