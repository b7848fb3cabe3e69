#include "agent/guided/guided_author.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/guided/chart_code.h"
#include "agent/guided/english.h"
#include "agent/guided/figure_plan.h"
#include "agent/guided/outline.h"
#include "agent/guided/prompt_facts.h"
#include "agent/guided/prose.h"
#include "agent/guided/subject.h"
#include "base/random.h"
#include "base/utf8.h"
#include "tag/marks.h"

namespace llmi::agent {
namespace {

constexpr std::size_t kCandidates = 6;
constexpr int kGoodEnough = 3;
// What the model sees of the document so far: a small one loses the thread in a long text.
constexpr std::size_t kSeenBytes = 1500;
constexpr std::size_t kPromptBytes = 600;
constexpr std::size_t kNumberTokens = 60;
constexpr std::size_t kLabelTokens = 60;
constexpr std::size_t kLabels = 5;

/// What the command line says goes before what the prompt says.
std::optional<std::size_t> exact_count(const FigureCount& count, const PromptFacts& facts) {
  switch (count.kind) {
    case FigureCount::Kind::kNone:
      return 0;
    case FigureCount::Kind::kExactly:
      return count.exactly;
    case FigureCount::Kind::kSome:
      return facts.pictures == 0 ? std::nullopt : facts.pictures;
    default:
      return facts.pictures;
  }
}

std::string shortened_prompt(const std::string& prompt) {
  const std::string_view begin = std::string_view(prompt).substr(0, kPromptBytes);
  return std::string(begin.substr(0, valid_utf8_prefix(begin)));
}

/// What the prompt is about; where only the collections know its words (they have titles in many languages), what
/// their best picture shows.
Subject subject_of(const Task& task, const PromptFacts& facts) {
  Subject subject = find_subject(task.lexicon, facts.topic, facts.things);
  if (subject.known() || !task.find_pictures) return subject;
  for (const std::string& thing : facts.things) {
    const auto titles = task.find_pictures(thing);
    if (titles.empty()) continue;
    for (const std::string& word : words_of(titles.front())) {
      if (subject = describe(task.lexicon, word); subject.known() && subject.concrete && word.size() > 2)
        return subject;
    }
  }
  return {};
}

std::string known_text(const Subject& subject) {
  if (!subject.known()) return "";
  std::string text = "\n\n" + subject.sentence;
  if (subject.kinds.size() > 1) text += fmt::format(" Some kinds are {}.", listed(subject.kinds));
  if (subject.parts.size() > 1) text += fmt::format(" Its parts are {}.", listed(subject.parts));
  return text;
}

std::vector<lm::Message> messages_for(const Task& task, const PromptFacts& facts, const Subject& subject) {
  const std::string prompt = shortened_prompt(task.prompt.value_or(""));
  if (facts.story)
    return {{"system", "You are a writer of short stories for children. You tell what happens, in plain words.", {}},
            {"user", prompt, {}}};
  return {{"system", "You are a science writer. You write short, true sentences in plain words.", {}},
          {"user", fmt::format("{}{}", prompt, known_text(subject)), {}}};
}

/// One document under way.
class Writing {
 public:
  Writing(lm::LanguageModel& model, const RunContext& context, const lm::TextSink& sink, lm::GenerateRequest base,
          const lexicon::Lexicon* lexicon, std::size_t token_budget, std::string_view so_far)
      : model_(model),
        context_(context),
        sink_(sink),
        base_(std::move(base)),
        lexicon_(lexicon),
        tokens_left_(token_budget),
        so_far_(so_far) {}

  Result<lm::GenerateResult> write(const Outline& outline, const std::vector<PlannedFigure>& figures);

 private:
  /// Whether a block that begins so (a paragraph: with nothing of the kind) comes before the end of what is written
  /// already, where it is passed over. It may be missing there: a paragraph that came to nothing.
  [[nodiscard]] bool written(std::string_view begin, bool prose);
  /// Hands text over; the model sees it in what follows when it is prose.
  void say(const std::string& text, bool prose);
  [[nodiscard]] Result<std::string> generate(const std::string& gbnf, const std::string& prefix, std::size_t tokens);
  [[nodiscard]] Result<std::string> sentences(const Paragraph& paragraph);
  [[nodiscard]] Result<void> write_paragraph(const Paragraph& paragraph);
  [[nodiscard]] Result<std::string> tag_text(const PlannedFigure& figure);
  [[nodiscard]] Result<std::vector<std::string>> labels(const PlannedFigure& figure);
  [[nodiscard]] bool over() const { return total_.finish != lm::FinishReason::kEnd; }

  lm::LanguageModel& model_;
  const RunContext& context_;
  const lm::TextSink& sink_;
  const lm::GenerateRequest base_;
  const lexicon::Lexicon* lexicon_;
  std::size_t tokens_left_;
  std::uint64_t calls_ = 0;
  std::string_view so_far_;
  std::string seen_;
  lm::GenerateResult total_;
};

bool Writing::written(std::string_view begin, bool prose) {
  while (so_far_.starts_with('\n')) so_far_.remove_prefix(1);
  if (so_far_.empty()) return false;
  const bool paragraph = !so_far_.starts_with('#') && !so_far_.starts_with(tag::kTagBegin);
  if (begin.empty() ? !paragraph : !so_far_.starts_with(begin)) return true;
  const std::string_view block = so_far_.substr(0, so_far_.find("\n\n"));
  if (prose) seen_ += std::string(block) + "\n\n";
  so_far_.remove_prefix(block.size());
  return true;
}

void Writing::say(const std::string& text, bool prose) {
  if (over() || text.empty()) return;
  if (prose) seen_ += text;
  if (sink_(text) == lm::Flow::kStop) total_.finish = lm::FinishReason::kStopped;
}

/// What the model wrote; empty when the writing is over or the budget used up.
Result<std::string> Writing::generate(const std::string& gbnf, const std::string& prefix, std::size_t tokens) {
  if (over() || tokens_left_ < tokens) return "";
  lm::GenerateRequest request = base_;
  request.assistant_prefix = prefix;
  request.constraint.gbnf = gbnf;
  request.max_tokens = tokens;
  RunContext context = context_;
  context.seed = derived_seed(context_.seed, ++calls_);
  std::string text;
  LLMI_TRY(const lm::GenerateResult result, model_.generate(context, request, [&](std::string_view piece) {
    text += piece;
    return lm::Flow::kContinue;
  }));
  total_.prompt_tokens += result.prompt_tokens;
  total_.cached_prompt_tokens += result.cached_prompt_tokens;
  total_.completion_tokens += result.completion_tokens;
  tokens_left_ -= std::min<std::size_t>(tokens_left_, result.completion_tokens);
  if (result.finish == lm::FinishReason::kDeadline || result.finish == lm::FinishReason::kStopped)
    total_.finish = result.finish;
  return text;
}

/// The best of several tries; empty when none is fit.
Result<std::string> Writing::sentences(const Paragraph& paragraph) {
  if (paragraph.sentences == 0) return "";
  const std::string said = paragraph.lead.empty() ? "" : paragraph.lead + " ";
  const std::string seen =
      seen_.size() <= kSeenBytes ? seen_ : seen_.substr(seen_.find("\n\n", seen_.size() - kSeenBytes) + 2);
  const std::string gbnf = prose_grammar(paragraph.sentences, !paragraph.start.empty());
  std::string best;
  int best_score = -1;
  for (std::size_t i = 0; i < kCandidates && best_score < kGoodEnough && !over(); ++i) {
    LLMI_TRY(const std::string text, generate(gbnf, seen + said + paragraph.start, prose_tokens(paragraph.sentences)));
    const std::string whole = whole_sentences(paragraph.start + text);
    const int score =
        whole.empty() ? -1 : prose_score(whole, {seen_ + said, paragraph.vocabulary, lexicon_, paragraph.names});
    if (score > best_score) {
      best = whole;
      best_score = score;
    }
  }
  return best;
}

Result<void> Writing::write_paragraph(const Paragraph& paragraph) {
  if (written("", true)) return {};
  LLMI_TRY(const std::string added, sentences(paragraph));
  const std::string text = paragraph.lead + (paragraph.lead.empty() || added.empty() ? "" : " ") + added;
  if (!text.empty()) say(text + "\n\n", true);
  return {};
}

/// Different labels, as the model names them.
Result<std::vector<std::string>> Writing::labels(const PlannedFigure& figure) {
  std::vector<std::string> found;
  const std::string gbnf =
      "root ::= label (\", \" label){3,6} \".\"\nlabel ::= [A-Z] [a-z]{2,11} (\" \" [a-z]{2,10})?\n";
  LLMI_TRY(const std::string text,
           generate(gbnf, seen_ + "Important examples of " + lower(figure.thing) + " are: ", kLabelTokens));
  std::string label;
  for (const char c : text + ",") {
    if (c != ',' && c != '.') {
      label.push_back(c);
      continue;
    }
    label = trimmed(label);
    if (!label.empty() && found.size() < kLabels && std::ranges::find(found, label) == found.end())
      found.push_back(label);
    label.clear();
  }
  while (found.size() < 3) found.push_back(fmt::format("Group {}", found.size() + 1));
  return found;
}

Result<std::string> Writing::tag_text(const PlannedFigure& figure) {
  if (figure.role != Role::kIllustration) return tag::print(figure.tag);
  std::vector<std::string> names = figure.names;
  if (names.empty()) {
    LLMI_TRY(names, labels(figure));
  }
  const OpenChart code = open_chart_code(figure.thing, names);
  const std::string gbnf =
      fmt::format("root ::= number (\", \" number){{{0}}} \"]\"\nnumber ::= [1-9] [0-9]{{0,2}}\n", names.size() - 1);
  LLMI_TRY(std::string values, generate(gbnf, seen_ + code.before, kNumberTokens));
  if (values.ends_with(']')) values.pop_back();
  if (std::ranges::count(values, ',') + 1 != static_cast<std::ptrdiff_t>(names.size())) {
    values.clear();
    for (std::size_t i = 0; i < names.size(); ++i) values += fmt::format("{}{}", i == 0 ? "" : ", ", (i + 2) * 10);
  }
  tag::Tag call = figure.tag;
  call.params = tag::CodeParams{code.before + values + code.after};
  return tag::print(call);
}

Result<lm::GenerateResult> Writing::write(const Outline& outline, const std::vector<PlannedFigure>& figures) {
  if (!written("# ", true)) say("# " + outline.title + "\n\n", true);
  for (const Section& section : outline.sections) {
    if (!section.heading.empty() && !written("## ", true)) say("## " + section.heading + "\n\n", true);
    LLMI_CHECK_OK(write_paragraph(section.paragraph));
    if (!section.figure || written(tag::kTagBegin, false)) continue;
    LLMI_TRY(const std::string tag, tag_text(figures[*section.figure]));
    say(tag + "\n\n", false);
  }
  return total_;
}

}  // namespace

Author make_guided_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                          const std::string& so_far) {
  const PromptFacts facts = read_prompt(task.prompt.value_or(""));
  const Subject subject = subject_of(task, facts);
  auto figures = plan_figures({.facts = &facts,
                               .subject = &subject,
                               .exactly = exact_count(task.figures, facts),
                               .input_pictures = task.inputs.size(),
                               .tools = tools,
                               .lexicon = task.lexicon,
                               .find = task.find_pictures});
  Outline outline = make_outline(facts, subject, figures, task.lexicon);
  lm::GenerateRequest base{.messages = messages_for(task, facts, subject),
                           .sampling = {.temperature = std::min(task.sampling.temperature, 0.6),
                                        .top_p = 0.9,
                                        .top_k = 40,
                                        .min_p = 0.05,
                                        .repeat_penalty = 1.05,
                                        .repeat_last_n = 128,
                                        .dry_multiplier = 0.8}};
  const std::size_t budget = task.limits.max_model_tokens;
  return [&model, base = std::move(base), figures = std::move(figures), outline = std::move(outline), budget, so_far,
          lexicon = task.lexicon](const RunContext& context, const lm::TextSink& sink) {
    return Writing(model, context, sink, base, lexicon, budget, so_far).write(outline, figures);
  };
}

}  // namespace llmi::agent
