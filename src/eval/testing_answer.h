#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/file.h"
#include "eval/answer.h"
#include "eval/generate.h"
#include "eval/judge.h"
#include "lm/scripted_model.h"
#include "tools/tool.h"

namespace llmi::eval {

/// A tool for tests: a small picture for every request, a fault for those described as "broken".
class DrawingTool final : public tools::Tool {
 public:
  explicit DrawingTool(tag::Source source) : source_(source) {}
  [[nodiscard]] tag::Source source() const override { return source_; }
  [[nodiscard]] std::string_view backend() const override { return "drawing"; }
  [[nodiscard]] tools::Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] std::size_t max_concurrent() const override { return 4; }
  [[nodiscard]] std::string cache_identity(const RunContext&, const tools::Request&) const override { return ""; }
  [[nodiscard]] tools::Outcome run(const RunContext&, const tools::Request& request) override {
    if (request.tag.description == "broken") return {.result = Fault{Stage::kTool, "it is broken"}};
    return {.result = tools::Made{.picture = picture(), .provenance = {.tool = "search", .backend = "drawing"}}};
  }
  /// One transparent pixel as PNG.
  static image::Picture picture() {
    return {.bytes = *base64_decoded(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
                "kJggg=="),
            .width = 1,
            .height = 1};
  }

 private:
  tag::Source source_;
};

/// What an evaluation writes with: a model that plays the given answers, one a call, and the four tools above.
class Studio {
 public:
  explicit Studio(const std::vector<std::string>& answers) {
    std::vector<std::vector<lm::ScriptedChunk>> script;
    for (const std::string& answer : answers) script.push_back({{.text = answer}});
    model_ = lm::make_scripted_model(std::move(script));
    for (const tag::Source source :
         {tag::Source::kSearch, tag::Source::kDiffusion, tag::Source::kCode, tag::Source::kEdit})
      tools_.push_back(std::make_unique<DrawingTool>(source));
  }
  [[nodiscard]] Writer writer(bool dry_run = false) const {
    Writer writer{.services = {.model = model_.get()}};
    for (const auto& tool : tools_) writer.services.tools.push_back(tool.get());
    writer.task.limits.max_repairs = 0;
    writer.task.dry_run = dry_run;
    return writer;
  }

 private:
  std::unique_ptr<lm::LanguageModel> model_;
  std::vector<std::unique_ptr<tools::Tool>> tools_;
};

/// A document that answers the item with `text`, in a folder of its own.
class WrittenAnswer {
 public:
  WrittenAnswer(const Item& item, const std::string& text, bool dry_run = false)
      : folder_(*TemporaryFolder::make("llmi-eval")) {
    const Studio studio({text});
    auto document = generate({.seed = 1}, studio.writer(dry_run), item, folder_.path() / "run");
    EXPECT_TRUE(document) << document.error().message;
    answer_ = {.document = document ? *document : document::Document(), .folder = folder_.path() / "run"};
  }
  [[nodiscard]] const Answer& get() const { return answer_; }

 private:
  TemporaryFolder folder_;
  Answer answer_;
};

[[nodiscard]] inline std::string tag_text(const std::string& source, const std::string& description) {
  const std::string params = source == "search"      ? R"({"query": "q"})"
                             : source == "diffusion" ? R"({"prompt": "p"})"
                             : source == "code"      ? R"({"code": "c"})"
                                                     : R"({"img_index": 0, "prompt": "p"})";
  return "\n\n<imgen>{\"source\": \"" + source + "\", \"description\": \"" + description + "\", \"params\": " + params +
         "}</imgen>\n\n";
}

/// A judge that gives each question what a function says and keeps the questions.
class RecordingJudge {
 public:
  using Reply = std::function<Result<Verdict>(const Question&)>;
  explicit RecordingJudge(Reply reply) : reply_(std::move(reply)) {}
  /// The same mark on every scale.
  explicit RecordingJudge(int mark)
      : RecordingJudge([mark](const Question& question) -> Result<Verdict> {
          Verdict verdict{.reason = "seen"};
          for (const Scale& scale : question.scales) verdict.marks[scale.name] = mark;
          return verdict;
        }) {}
  [[nodiscard]] Judge judge() {
    return [this](const RunContext&, const Question& question) {
      asked.push_back(question);
      return reply_(question);
    };
  }
  std::vector<Question> asked;

 private:
  Reply reply_;
};

/// The named measure; fails the test when there is none.
[[nodiscard]] inline Measure measure_named(const std::vector<Measure>& measures, const std::string& name) {
  for (const Measure& measure : measures)
    if (measure.name == name) return measure;
  ADD_FAILURE() << "no measure " << name;
  return {};
}
[[nodiscard]] inline bool has_measure(const std::vector<Measure>& measures, const std::string& name) {
  for (const Measure& measure : measures)
    if (measure.name == name) return true;
  return false;
}

}  // namespace llmi::eval
