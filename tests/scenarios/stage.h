#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/channel.h"
#include "lm/language_model.h"
#include "tools/tool.h"

namespace llmi::scenario {

/// What the model does next.
struct Cue {
  enum class Kind { kText, kEnd, kBreak };
  Kind kind = Kind::kText;
  std::string text;
};

/// A model that writes what the scenario tells it, when it tells it. The first call is the answer; later ones are
/// repairs, each of which takes one cue. Thread-safe.
class CuedModel final : public lm::LanguageModel {
 public:
  [[nodiscard]] std::string id() const override { return "cued"; }
  [[nodiscard]] lm::Capabilities capabilities() const override { return {}; }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext& context, const lm::GenerateRequest& request,
                                                    const lm::TextSink& sink) override;

  Channel<Cue> answer{100'000};
  Channel<Cue> repairs{100};
  /// The last message of each call.
  [[nodiscard]] std::vector<std::string> asked() const;

 private:
  mutable std::mutex mutex_;
  std::size_t calls_ = 0;           // guarded by mutex_
  std::vector<std::string> asked_;  // guarded by mutex_
};

/// The results of calls that the scenario lets end; shared by all tools. Thread-safe.
class Gate {
 public:
  /// Lets the next waiting (or coming) call of the tag with this description end.
  void open(const std::string& description, tools::Outcome outcome);
  [[nodiscard]] tools::Outcome wait(const RunContext& context, const std::string& description);

 private:
  std::mutex mutex_;
  std::condition_variable_any opened_;
  std::multimap<std::string, tools::Outcome> outcomes_;  // guarded by mutex_
};

/// A tool whose calls end when the scenario says so.
class GatedTool final : public tools::Tool {
 public:
  GatedTool(tag::Source source, Gate& gate, std::size_t limit, bool cacheable)
      : source_(source), gate_(gate), limit_(limit), cacheable_(cacheable) {}
  [[nodiscard]] tag::Source source() const override { return source_; }
  [[nodiscard]] std::string_view backend() const override { return "gated"; }
  [[nodiscard]] tools::Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] std::size_t max_concurrent() const override { return limit_; }
  [[nodiscard]] std::string cache_identity(const RunContext&, const tools::Request&) const override {
    return cacheable_ ? "fixed" : "";
  }
  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override {
    return gate_.wait(context, request.tag.description);
  }

 private:
  tag::Source source_;
  Gate& gate_;
  std::size_t limit_;
  bool cacheable_;
};

/// A one-pixel picture with a comment, so that pictures differ.
[[nodiscard]] tools::Outcome made(const std::string& comment);
[[nodiscard]] tools::Outcome failed(Stage stage, const std::string& message);

}  // namespace llmi::scenario
