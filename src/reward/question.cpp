#include "reward/question.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "reward/picture_judge_prompt.h"
#include "reward/quote.h"
#include "reward/repair_prompt.h"
#include "reward/text_judge_prompt.h"
#include "reward/verdict.h"
#include "tag/parser.h"

namespace llmi::reward {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPromptIdDigits = 8;

std::string prompt_id(std::string_view name, std::string_view text) {
  return fmt::format("{}@{}", name, sha256_hex(text).substr(0, kPromptIdDigits));
}

/// The reply's form as a grammar and as a schema. The reason comes first, so that the marks follow from it.
lm::Constraint reply_form(std::initializer_list<const char*> marks, bool needs_pictures) {
  std::string rule = R"(root ::= "{\"reason\": \"" [^"\\\n]{0,400} "\"")";
  Json properties{{"reason", {{"type", "string"}}}};
  Json required{"reason"};
  for (const char* mark : marks) {
    rule += fmt::format(R"( ", \"{}\": " [1-5])", mark);
    properties[mark] = {{"type", "integer"}, {"enum", {1, 2, 3, 4, 5}}};
    required.push_back(mark);
  }
  if (needs_pictures) {
    rule += R"( ", \"needs_pictures\": " ("true" | "false"))";
    properties["needs_pictures"] = {{"type", "boolean"}};
    required.push_back("needs_pictures");
  }
  const Json schema{
      {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
  return {.gbnf = rule + " \"}\"\n", .schema = schema.dump()};
}

/// Only our own places of pictures count.
std::string without_places(std::string text) {
  for (std::size_t at = text.find(lm::kPicturePlace); at != std::string::npos; at = text.find(lm::kPicturePlace, at))
    text.erase(at, lm::kPicturePlace.size());
  return text;
}

/// The parts of an answer as its pictures' judge reads them.
class ShownAnswer {
 public:
  explicit ShownAnswer(const Sample& sample) : sample_(sample) {}

  void add(const tag::TextItem& text) { text_ += without_places(text.text); }
  void add(const tag::TagItem& item) { add_picture(item.index); }
  void add(const tag::FaultItem& item) { add_picture(item.index); }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<std::shared_ptr<const image::Picture>> take_pictures() { return std::move(pictures_); }

 private:
  void add_picture(std::size_t index) {
    const auto found = std::ranges::find(*sample_.pictures, index, &SamplePicture::index);
    if (found == sample_.pictures->end() || !found->picture) {
      text_ += "\n[a picture is missing here]\n";
      return;
    }
    pictures_.push_back(found->picture);
    text_ += fmt::format("\n[picture {}]{}\n", pictures_.size(), lm::kPicturePlace);
  }

  const Sample& sample_;
  std::string text_;
  std::vector<std::shared_ptr<const image::Picture>> pictures_;
};

/// The answer's bytes without its thoughts.
std::string without_thoughts(const Sample& sample) {
  std::string text;
  for (const tag::Item& item : tag::parse(sample.answer, sample.inputs.size())) {
    if (const auto* part = std::get_if<tag::TextItem>(&item)) text += part->text;
    if (const auto* part = std::get_if<tag::TagItem>(&item))
      text += sample.answer.substr(part->begin, part->end - part->begin);
    if (const auto* part = std::get_if<tag::FaultItem>(&item))
      text += sample.answer.substr(part->begin, part->end - part->begin);
  }
  return text;
}

lm::Message ask(const Sample& sample, const std::string& answer) {
  return {.role = "user", .text = quote("The task", without_places(sample.prompt)) + "\n" + answer, .pictures = {}};
}

}  // namespace

Question text_question(const Sample& sample) {
  const lm::Message user = ask(sample, quote("The answer", without_thoughts(sample)) + "\nGive your marks.");
  static const lm::Constraint kForm = reply_form({"text", "image"}, true);
  static const std::string kId = prompt_id("text-judge", kTextJudgePrompt);
  return {.messages = {{"system", std::string(kTextJudgePrompt), {}}, user},
          .constraint = kForm,
          .prompt_id = kId,
          .readable = [](std::string_view reply) { return read_text_verdict(reply).whole(); },
          .repair = std::string(kRepairPrompt)};
}

Question picture_question(const Sample& sample) {
  ShownAnswer shown(sample);
  for (const tag::Item& item : tag::parse(sample.answer, sample.inputs.size()))
    std::visit([&](const auto& part) { shown.add(part); }, item);
  lm::Message user = ask(sample, quote("The answer", shown.text()) + "\nGive your marks.");
  user.pictures = shown.take_pictures();
  static const lm::Constraint kForm = reply_form({"image_quality", "task_relevance", "text_image_relevance"}, false);
  static const std::string kId = prompt_id("picture-judge", kPictureJudgePrompt);
  return {.messages = {{"system", std::string(kPictureJudgePrompt), {}}, std::move(user)},
          .constraint = kForm,
          .prompt_id = kId,
          .sees = true,
          .readable = [](std::string_view reply) { return read_picture_verdict(reply).whole(); },
          .repair = std::string(kRepairPrompt)};
}

}  // namespace llmi::reward
