#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/replace.h"
#include "eval/isg.h"
#include "eval/isg_blocks.h"
#include "eval/isg_questions.h"
#include "eval/judges/isg_block.h"
#include "eval/judges/isg_holistic.h"
#include "eval/judges/isg_yes_no.h"
#include "eval/structure.h"

namespace llmi::eval::isg {
namespace {

constexpr int kLowest = 1;
constexpr int kHighest = 10;

void show_block(std::string_view title, const Block& block, Shown& shown) {
  if (block.picture) {
    shown.add(title, block.picture);
  } else {
    shown.add(title, block.text);
  }
}

class Levels {
 public:
  Levels(JudgeSession& judge, const Rules& rules) : judge_(judge), rules_(rules) {}

  void structure(bool right) { judged_.measures.push_back({.name = "structure", .sum = right ? 1.0 : 0.0}); }

  /// Without the right structure nothing is asked: the blocks that the questions name may be others.
  void wrong_structure(const Questions& questions) {
    if (!questions.image.empty() || rules_.as_published) judged_.measures.push_back({.name = "image", .sum = 0});
    if (!questions.block.empty() || rules_.as_published) judged_.measures.push_back({.name = "block", .sum = kLowest});
  }

  Result<void> image(const std::vector<ImageQuestion>& questions, const Blocks& blocks) {
    for (const ImageQuestion& question : questions) {
      LLMI_TRY(Mark mark, image_mark(question, blocks));
      answers_[question.id] = mark;
      judged_.marks.push_back(std::move(mark));
    }
    add_image_measure(questions.size());
    return {};
  }

  Result<void> block(const std::vector<BlockQuestion>& questions, const Blocks& blocks) {
    std::vector<Mark> scores;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const auto subject = blocks.find(questions[i].subject);
      const auto object = blocks.find(questions[i].object);
      if (subject == blocks.end() || object == blocks.end()) continue;
      Shown shown;
      show_block("The first block", subject->second, shown);
      show_block("The second block", object->second, shown);
      shown.text += "The question: " + replaced(replaced(questions[i].text, subject->first, "the first block"),
                                                object->first, "the second block");
      LLMI_TRY(Mark mark, block_mark(shown, fmt::format("block_{}", i + 1)));
      scores.push_back(std::move(mark));
    }
    add_block_measure(scores);
    return {};
  }

  Result<void> holistic(const Item& item, const Answer& answer) {
    const std::vector<Scale> scales = holistic_scales();
    auto shown = show_with_reference(judge_.context(), item, answer);
    std::vector<Mark> marks;
    if (shown) {
      LLMI_TRY(marks, judge_.ask({.prompt_id = "isg-holistic/1",
                                  .instructions = kHolisticPrompt,
                                  .content = std::move(shown->text),
                                  .pictures = std::move(shown->pictures),
                                  .scales = scales}));
    } else {
      LLMI_CHECK_OK(judge_.context().check());
      for (const Scale& scale : scales)
        marks.push_back({.name = scale.name, .missing = true, .reason = shown.error().message});
    }
    const Mark& overall = marks.back();
    Measure measure{.name = "holistic", .sum = static_cast<double>(overall.value), .missing = overall.missing};
    if (overall.missing && rules_.as_published) measure = {.name = "holistic", .sum = kLowest};
    judged_.measures.push_back(std::move(measure));
    std::ranges::move(marks, std::back_inserter(judged_.marks));
    return {};
  }

  [[nodiscard]] Judged take() { return std::move(judged_); }

 private:
  static std::vector<Scale> holistic_scales() {
    std::vector<Scale> scales;
    for (const char* name : {"coherence", "accuracy", "relevance", "alignment", "creativity", "overall"})
      scales.push_back({.name = name, .lowest = kLowest, .highest = kHighest});
    return scales;
  }

  Result<Mark> image_mark(const ImageQuestion& question, const Blocks& blocks) {
    Mark mark{.name = "image_" + question.id};
    if (rules_.as_published && !question.preliminary.empty()) {
      mark.reason = "not asked, as published: it builds on another question";
      return mark;
    }
    for (const std::string& id : question.preliminary) {
      const auto earlier = answers_.find(id);
      if (earlier == answers_.end() || (earlier->second.value == 1 && !earlier->second.missing)) continue;
      mark.missing = earlier->second.missing;
      mark.reason =
          fmt::format("not asked: question {} {}", id, mark.missing ? "has no answer" : "was answered with no");
      return mark;
    }
    const auto block = blocks.find(question.image);
    if (block == blocks.end() || !block->second.picture) {
      mark.reason = fmt::format("there is no picture {}", question.image);
      return mark;
    }
    Shown shown;
    shown.add("The picture", block->second.picture);
    shown.text += "The question: " + question.text;
    return yes_or_no(std::move(shown), mark.name);
  }

  Result<Mark> yes_or_no(Shown shown, const std::string& name) {
    LLMI_TRY(std::vector<Mark> marks, judge_.ask({.prompt_id = "isg-yes-no/1",
                                                  .instructions = kYesNoPrompt,
                                                  .content = std::move(shown.text),
                                                  .pictures = std::move(shown.pictures),
                                                  .scales = {{.name = "yes", .lowest = 0, .highest = 1}}}));
    marks.front().name = name;
    return std::move(marks.front());
  }

  Result<Mark> block_mark(const Shown& shown, const std::string& name) {
    LLMI_TRY(std::vector<Mark> marks,
             judge_.ask({.prompt_id = "isg-block/1",
                         .instructions = kBlockPrompt,
                         .content = shown.text,
                         .pictures = shown.pictures,
                         .scales = {{.name = "score", .lowest = kLowest, .highest = kHighest}}}));
    marks.front().name = name;
    judged_.marks.push_back(marks.front());
    if (rules_.as_published) {
      LLMI_TRY(Mark second, yes_or_no(shown, name + "_yes"));
      judged_.marks.push_back(std::move(second));
    }
    return std::move(marks.front());
  }

  void add_image_measure(std::size_t questions) {
    if (questions == 0) {
      if (rules_.as_published) judged_.measures.push_back({.name = "image", .sum = 0});
      return;
    }
    double yes = 0;
    bool missing = false;
    for (const auto& [id, mark] : answers_) {
      yes += mark.missing ? 0 : mark.value;
      missing = missing || mark.missing;
    }
    Measure measure{.name = "image", .sum = yes / static_cast<double>(questions)};
    if (missing && !rules_.as_published) measure = {.name = "image", .missing = true};
    judged_.measures.push_back(std::move(measure));
  }

  void add_block_measure(const std::vector<Mark>& scores) {
    double sum = 0;
    std::size_t read = 0;
    for (const Mark& mark : scores) {
      if (mark.missing) continue;
      sum += mark.value;
      ++read;
    }
    Measure measure{.name = "block", .sum = read == 0 ? kLowest : sum / static_cast<double>(read)};
    if (read < scores.size() && !rules_.as_published) measure = {.name = "block", .missing = true};
    if (!scores.empty() || rules_.as_published) judged_.measures.push_back(std::move(measure));
  }

  JudgeSession& judge_;
  const Rules& rules_;
  Judged judged_;
  std::map<std::string, Mark> answers_;  ///< By the question's id.
};

}  // namespace

Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer) {
  LLMI_TRY(const Questions questions, questions_of(item.source));
  Levels levels(judge, rules);
  const bool right = structure_of(answer.document) == item.structure;
  levels.structure(right);
  if (right) {
    LLMI_TRY(const Blocks blocks, named_blocks(item, answer));
    LLMI_CHECK_OK(levels.image(questions.image, blocks));
    LLMI_CHECK_OK(levels.block(questions.block, blocks));
  } else {
    levels.wrong_structure(questions);
  }
  LLMI_CHECK_OK(levels.holistic(item, answer));
  return levels.take();
}

}  // namespace llmi::eval::isg
