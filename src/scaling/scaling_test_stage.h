#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "lm/language_model.h"
#include "tools/tool.h"

namespace llmi::scaling {

/// A model whose replies a function gives; it counts a token for every four bytes and ends where it may write no more.
/// Thread-safe as the function.
class ReplyingModel final : public lm::LanguageModel {
 public:
  using Reply = std::function<std::string(std::uint64_t seed, const lm::GenerateRequest& request)>;
  explicit ReplyingModel(Reply reply) : reply_(std::move(reply)) {}

  [[nodiscard]] std::string id() const override { return "replying"; }
  [[nodiscard]] lm::Capabilities capabilities() const override { return can; }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext& context, const lm::GenerateRequest& request,
                                                    const lm::TextSink& sink) override {
    ++calls;
    if (!context.check()) return lm::GenerateResult{.finish = lm::FinishReason::kDeadline};
    const std::string text = reply_(context.seed, request);
    lm::GenerateResult result{.completion_tokens = (text.size() + 3) / 4};
    for (const lm::Message& message : request.messages) result.prompt_tokens += message.text.size() / 4;
    if (result.completion_tokens > request.max_tokens) {
      result.completion_tokens = request.max_tokens;
      result.finish = lm::FinishReason::kLength;
    }
    if (!text.empty()) sink(text.substr(0, result.completion_tokens * 4));
    tokens += result.completion_tokens;
    prompt_tokens += result.prompt_tokens;
    return result;
  }

  lm::Capabilities can;
  std::atomic<std::size_t> calls = 0;
  std::atomic<std::uint64_t> tokens = 0;
  std::atomic<std::uint64_t> prompt_tokens = 0;

 private:
  Reply reply_;
};

inline bool is_polish(const lm::GenerateRequest& request) {
  return request.messages.back().text.find("Revise it") != std::string::npos;
}
inline bool is_repair(const lm::GenerateRequest& request) {
  return request.messages.back().text.find("one corrected tag") != std::string::npos;
}

/// Makes a picture of the call's parameters, and of the seed where it paints or edits; a call whose tag holds "broken"
/// fails, one that holds "shaky" unless it is tried again. Thread-safe.
class PlainTool final : public tools::Tool {
 public:
  explicit PlainTool(tag::Source source, double price = 0) : source_(source), price_(price) {}

  [[nodiscard]] tag::Source source() const override { return source_; }
  [[nodiscard]] std::string_view backend() const override { return "plain"; }
  [[nodiscard]] tools::Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] std::size_t max_concurrent() const override { return 2; }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const tools::Request&) const override {
    return cacheable ? fmt::format("plain {}", context.seed) : "";
  }
  [[nodiscard]] tools::Quote quote(const tools::Request&) const override { return {"plain", price_}; }
  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override {
    const std::string call = tag::print(request.tag);
    {
      const std::scoped_lock lock(mutex_);
      called.push_back(call);
    }
    const bool shaky = call.find("shaky") != std::string::npos && request.variant == 0;
    if (shaky || call.find("broken") != std::string::npos) return {.result = Fault{Stage::kTool, "it does not work"}};
    const bool seeded = source_ == tag::Source::kDiffusion || source_ == tag::Source::kEdit;
    tools::Made made{.picture = {.bytes = fmt::format("{} {} {}", tag::print({.params = request.tag.params}),
                                                      seeded ? context.seed : 0, request.variant),
                                 .width = 1,
                                 .height = 1}};
    made.provenance.tool = tag::name(source_);
    made.provenance.backend = "plain";
    made.provenance.title = request.variant < titles.size() ? titles[request.variant] : "";
    return {.result = std::move(made)};
  }

  bool cacheable = false;
  std::vector<std::string> titles;  ///< Of the variants.
  std::vector<std::string> called;  ///< In no certain order where calls run together.

 private:
  tag::Source source_;
  double price_;
  std::mutex mutex_;
};

inline std::string search_tag(const std::string& description, const std::string& query) {
  return tag::print({description, tag::SearchParams{query}});
}
inline std::string code_tag(const std::string& description, const std::string& code) {
  return tag::print({description, tag::CodeParams{code}});
}

}  // namespace llmi::scaling
