#include "lm/scripted_model.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"

namespace llmi::lm {
namespace {

using Json = nlohmann::json;
using Answer = std::vector<ScriptedChunk>;

/// Waits for `span`, less when the context ends first; false then.
bool pause(const RunContext& context, std::chrono::milliseconds span) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_until(lock, context.stop, context.deadline.capped(span).at(), [] { return false; });
  return !context.cancelled() && !context.deadline.passed();
}

class ScriptedModel final : public LanguageModel {
 public:
  explicit ScriptedModel(std::vector<Answer> answers) : answers_(std::move(answers)) {}

  [[nodiscard]] std::string id() const override { return "scripted"; }
  [[nodiscard]] Capabilities capabilities() const override { return {}; }

  Result<GenerateResult> generate(const RunContext& context, const GenerateRequest&, const TextSink& sink) override {
    const std::size_t call = calls_.fetch_add(1);
    if (call >= answers_.size())
      return fail(ErrorCode::kUnavailable, Origin::kModel, fmt::format("the script has no answer for call {}", call + 1));
    GenerateResult result;
    for (const ScriptedChunk& chunk : answers_[call]) {
      if (!pause(context, chunk.delay)) {
        result.finish = context.cancelled() ? FinishReason::kStopped : FinishReason::kDeadline;
        return result;
      }
      if (chunk.breaks) return fail(ErrorCode::kUnavailable, Origin::kModel, "the stream broke");
      ++result.completion_tokens;
      if (!chunk.text.empty() && sink(chunk.text) == Flow::kStop) {
        result.finish = FinishReason::kStopped;
        return result;
      }
    }
    return result;
  }

 private:
  const std::vector<Answer> answers_;
  std::atomic<std::size_t> calls_{0};
};

Answer read_answer(const Json& json) {
  Answer answer;
  for (const Json& chunk : json) {
    answer.push_back({std::chrono::milliseconds(chunk.value("delay_ms", 0)), chunk.value("text", std::string()),
                      chunk.value("break", false)});
  }
  return answer;
}

}  // namespace

std::unique_ptr<LanguageModel> make_scripted_model(std::vector<std::vector<ScriptedChunk>> answers) {
  return std::make_unique<ScriptedModel>(std::move(answers));
}

Result<std::unique_ptr<LanguageModel>> open_scripted_model(const std::filesystem::path& file) {
  LLMI_TRY(const std::string text, read_file(file));
  try {
    const Json json = Json::parse(text);
    std::vector<Answer> answers;
    if (!json.empty() && json.front().is_array()) {
      for (const Json& answer : json) answers.push_back(read_answer(answer));
    } else {
      answers.push_back(read_answer(json));
    }
    return make_scripted_model(std::move(answers));
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is not a script: {}", file.string(), error.what()));
  }
}

}  // namespace llmi::lm
