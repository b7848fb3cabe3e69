#include "agent/guided/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/guided/data_sentence.h"
#include "agent/guided/english.h"
#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

// More figures than this: short sections without headings of the model's length.
constexpr std::size_t kFullSections = 8;
constexpr std::size_t kNamed = 4;

constexpr std::array kStoryTurns{"One day, ", "Soon after, ", "Then ", "Later, ", "In the evening, ", "The next day, "};

std::vector<std::string> first_names(const std::vector<std::string>& names) {
  return {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNamed))};
}

class OutlineMaker {
 public:
  OutlineMaker(const PromptFacts& facts, const Subject& subject, const std::vector<PlannedFigure>& figures,
               const lexicon::Lexicon* lexicon)
      : facts_(facts), subject_(subject), figures_(figures), lexicon_(lexicon) {}

  Outline make() {
    Outline outline{.title = facts_.title, .sections = {{.heading = {}, .paragraph = opening(), .figure = {}}}};
    if (figures_.empty()) add_text_sections(outline);
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      Section section = facts_.story ? story_section(i) : section_for(figures_[i]);
      if (figures_.size() > kFullSections)
        section.paragraph.sentences = std::min<std::size_t>(1, section.paragraph.sentences);
      section.figure = i;
      section.paragraph.names = facts_.story;
      section.paragraph.vocabulary = vocabulary(figures_[i].thing);
      outline.sections.push_back(std::move(section));
    }
    if (facts_.story)
      outline.sections.push_back({.heading = {},
                                  .paragraph = {.lead = {},
                                                .start = "From that day on, " + hero(),
                                                .sentences = 1,
                                                .names = true,
                                                .vocabulary = vocabulary(facts_.topic)},
                                  .figure = {}});
    return outline;
  }

 private:
  /// Who a story is about.
  [[nodiscard]] std::string hero() const {
    const std::string name = subject_.known() ? subject_.noun : facts_.things.empty() ? "hero" : facts_.things.front();
    return name[0] >= 'A' && name[0] <= 'Z' ? name : "the " + lower(name);
  }

  [[nodiscard]] std::vector<std::string> vocabulary(const std::string& thing) const {
    std::vector<std::string> words = words_of(lower(facts_.topic + " " + thing + " " + subject_.noun));
    for (const std::string& source : {subject_.definition, listed(subject_.kinds), listed(subject_.parts)}) {
      for (std::string& word : words_of(lower(source))) {
        if (word.size() > 4) words.push_back(std::move(word));
      }
    }
    return words;
  }

  [[nodiscard]] bool topic_is_noun_phrase() const {
    const auto words = words_of(lower(facts_.topic));
    constexpr std::array kQuestions{"how", "why", "what", "when", "where", "who", "which"};
    return !words.empty() && words.size() <= 4 && std::ranges::find(kQuestions, words.front()) == kQuestions.end();
  }

  [[nodiscard]] Paragraph opening() const {
    Paragraph paragraph{.lead = {}, .start = {}, .sentences = 2, .names = facts_.story, .vocabulary = vocabulary("")};
    if (facts_.story) {
      paragraph.lead = fmt::format("This is the story of {}.", facts_.topic_phrase);
      paragraph.start = capitalised(hero());
    } else if (subject_.known()) {
      paragraph.lead = subject_.sentence;
    } else if (topic_is_noun_phrase()) {
      paragraph.start = capitalised(facts_.topic);
    }
    return paragraph;
  }

  void add_text_sections(Outline& outline) const {
    const auto add = [&](std::string heading, std::string lead) {
      outline.sections.push_back(
          {.heading = std::move(heading),
           .paragraph = {.lead = std::move(lead), .start = {}, .sentences = 2, .vocabulary = vocabulary("")},
           .figure = {}});
    };
    if (facts_.story) return add("", "");
    if (!facts_.data.values.empty()) add("The numbers", data_sentence(facts_.data));
    if (subject_.parts.size() >= 2) add("What belongs to it", parts_sentence());
    if (subject_.kinds.size() >= 2) add("Kinds", kinds_sentence());
    if (outline.sections.size() == 1) add("", "");
  }

  [[nodiscard]] std::string parts_sentence() const {
    return fmt::format("Parts of {} include the {}.", with_article(subject_.noun), listed(first_names(subject_.parts)));
  }
  [[nodiscard]] std::string kinds_sentence() const {
    return fmt::format("Kinds of {} include {}.", subject_.noun, listed(first_names(subject_.kinds)));
  }

  [[nodiscard]] Section story_section(std::size_t i) const {
    return {
        .heading = {},
        .paragraph = {.lead = {},
                      .start = std::string(i + 1 == figures_.size() && i > 0 ? "At last, "
                                                                             : kStoryTurns[i % kStoryTurns.size()]) +
                               hero(),
                      .sentences = 2,
                      .vocabulary = {}},
        .figure = {}};
  }

  [[nodiscard]] Section section_for(const PlannedFigure& figure) const {
    switch (figure.role) {
      case Role::kSubject:
        return with("A closer look", fmt::format("Here is a picture of {}.", in_a_sentence(figure.thing)), 1);
      case Role::kThing: {
        const Subject thing = describe(lexicon_, figure.thing);
        const bool told = thing.sentence.empty() || thing.noun == subject_.noun;
        return with(capitalised(figure.thing), told ? "" : thing.sentence, 1);
      }
      case Role::kWider:
        return with(capitalised(figure.thing),
                    fmt::format("{} is a kind of {}.", capitalised(with_article(subject_.noun)), figure.thing), 1);
      case Role::kData:
        return with(figure.thing, data_sentence(facts_.data), 1);
      case Role::kKinds:
        return with(fmt::format("Kinds of {}", subject_.noun), kinds_sentence(), 1);
      case Role::kParts:
        return with(fmt::format("Parts of {}", with_article(subject_.noun)), parts_sentence(), 1);
      case Role::kExamples:
        return with("Examples", fmt::format("Well-known examples are {}.", listed(first_names(subject_.examples))), 1);
      case Role::kIdeas:
        return with("What belongs to it", fmt::format("This touches on {}.", lower(listed(first_names(figure.names)))),
                    1);
      case Role::kIllustration:
        return with(figure.thing, illustration_sentence(figure), 1);
      case Role::kEdit:
        return with(capitalised(figure.thing), fmt::format("Here is the same picture, {}.", figure.thing), 0);
    }
    return {};
  }

  /// Said once; every such chart's caption says it again.
  [[nodiscard]] std::string illustration_sentence(const PlannedFigure& figure) const {
    const auto first = std::ranges::find(figures_, Role::kIllustration, &PlannedFigure::role);
    return &*first == &figure ? "The chart is only an illustration: its numbers are not measured." : "";
  }

  /// As it stands inside a sentence: a common noun with its article, without the capital that began the prompt.
  [[nodiscard]] std::string in_a_sentence(const std::string& thing) const {
    const Subject known = describe(lexicon_, thing);
    const bool is_name = known.known() && known.noun[0] >= 'A' && known.noun[0] <= 'Z';
    if (is_name || !known.known()) return thing;
    return known.counted && lower(thing) == known.noun ? with_article(known.noun) : lower(thing);
  }

  static Section with(std::string heading, std::string lead, std::size_t sentences) {
    return {.heading = std::move(heading),
            .paragraph = {.lead = std::move(lead), .start = {}, .sentences = sentences, .vocabulary = {}},
            .figure = {}};
  }

  const PromptFacts& facts_;
  const Subject& subject_;
  const std::vector<PlannedFigure>& figures_;
  const lexicon::Lexicon* lexicon_;
};

}  // namespace

Outline make_outline(const PromptFacts& facts, const Subject& subject, const std::vector<PlannedFigure>& figures,
                     const lexicon::Lexicon* lexicon) {
  return OutlineMaker(facts, subject, figures, lexicon).make();
}

}  // namespace llmi::agent
