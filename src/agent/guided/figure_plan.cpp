#include "agent/guided/figure_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "agent/guided/chart_code.h"
#include "agent/guided/english.h"
#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

// Figures of a document whose prompt leaves the number open.
constexpr std::size_t kUsualFigures = 3;
constexpr std::size_t kFewestNames = 3;
constexpr std::size_t kMostNames = 6;
constexpr std::size_t kMostPicturesOfOne = 8;

/// Whether a picture with this title shows the thing: a word of the title is the thing's own noun.
bool shows(std::string_view title, std::string_view thing) {
  const auto wanted = words_of(thing);
  const auto words = words_of(title);
  return std::ranges::all_of(wanted, [&](const std::string& noun) {
    return std::ranges::any_of(words, [&](const std::string& word) { return same_noun(word, noun); });
  });
}

class Planner {
 public:
  explicit Planner(const FigurePlanRequest& request)
      : request_(request),
        facts_(*request.facts),
        subject_(*request.subject),
        count_(request.exactly.value_or(kUsualFigures)) {}

  std::vector<PlannedFigure> plan() {
    const std::size_t pictures = count_ - std::min(count_, places_kept());
    if (offered(tag::Source::kSearch)) add_pictures(pictures);
    if (offered(tag::Source::kCode) && !facts_.data.values.empty()) add_data_chart();
    if (offered(tag::Source::kCode) && !facts_.story) add_diagrams(count_ - std::min(count_, wish_places()));
    if (offered(tag::Source::kCode) && facts_.chart && facts_.data.values.empty()) add_illustration();
    if (offered(tag::Source::kSearch) && !facts_.story) add_wider();
    if (offered(tag::Source::kEdit) && !facts_.edit_wish.empty()) add_edit();
    if (request_.exactly) fill();
    return std::move(figures_);
  }

 private:
  [[nodiscard]] bool offered(tag::Source source) const { return std::ranges::count(request_.tools, source) > 0; }
  [[nodiscard]] bool full() const { return figures_.size() >= count_; }

  /// Figures that come after the pictures and must find a place.
  [[nodiscard]] std::size_t wish_places() const {
    const bool chart = offered(tag::Source::kCode) && facts_.chart && facts_.data.values.empty();
    const bool edit = offered(tag::Source::kEdit) && !facts_.edit_wish.empty();
    return (chart ? 1U : 0U) + (edit ? 1U : 0U);
  }
  [[nodiscard]] std::size_t places_kept() const {
    const bool data = offered(tag::Source::kCode) && !facts_.data.values.empty();
    return wish_places() + (data ? 1U : 0U);
  }

  [[nodiscard]] std::vector<std::string> titles_for(std::string_view thing) const {
    if (!request_.find) return {std::string(thing)};
    auto titles = request_.find(thing);
    // Titles are English; a word of another language is found by the collections' own translations.
    if (request_.lexicon != nullptr &&
        !request_.lexicon->knows(words_of(thing).empty() ? thing : words_of(thing).back()))
      return titles;
    std::erase_if(titles, [&](const std::string& title) { return !shows(title, thing); });
    return titles;
  }

  /// A picture of the thing, the first that is not in the document yet. False when there is none.
  bool add_picture(Role role, const std::string& thing) {
    if (full()) return false;
    const bool again = shown_.contains(singular(lower(thing)));
    for (const std::string& title : titles_for(thing)) {
      if (used_.contains(title) || (again && !names_itself(title))) continue;
      used_.insert(title);
      shown_.insert(singular(lower(thing)));
      const std::string what = again ? trimmed(title) : thing;
      add(role, what, {}, {capitalised(what), tag::SearchParams{what}});
      return true;
    }
    return false;
  }

  /// Whether a search for the title brings the picture that has it: not where another's title says the same.
  [[nodiscard]] bool names_itself(const std::string& title) const {
    if (!request_.find) return true;
    const auto found = request_.find(trimmed(title));
    return !found.empty() && found.front() == title;
  }

  /// Not worth a picture: what cannot be seen, and single words of a phrase that is the subject.
  [[nodiscard]] bool abstract(const std::string& thing) const {
    const auto phrase = words_of(subject_.noun);
    const bool in_phrase = phrase.size() > 1 &&
                           std::ranges::any_of(phrase, [&](const std::string& word) { return same_noun(word, thing); });
    const Subject known = describe(request_.lexicon, thing);
    // "made" is a word, but no thing.
    const bool no_noun = !known.known() && request_.lexicon != nullptr && request_.lexicon->knows(thing);
    return in_phrase || no_noun || (known.known() && !known.concrete);
  }

  void add(Role role, std::string thing, std::vector<std::string> names, tag::Tag call) {
    figures_.push_back({role, std::move(thing), std::move(names), std::move(call)});
  }

  void add_pictures(std::size_t until) {
    const auto place = [&] { return figures_.size() < until; };
    if (place() && !add_picture(Role::kSubject, facts_.topic) && subject_.known() &&
        !add_picture(Role::kSubject, subject_.noun) && words_of(subject_.noun).size() > 1)
      add_picture(Role::kSubject, words_of(subject_.noun).back());
    for (const std::string& thing : facts_.things) {
      const bool is_subject = shown_.contains(singular(lower(thing)));
      if (place() && !is_subject && !abstract(thing))
        add_picture(same_noun(thing, subject_.noun) ? Role::kSubject : Role::kThing, thing);
    }
    // Parts and kinds of the subject, one place left for a diagram of them.
    if (facts_.story) return;
    for (const auto* names : {&subject_.parts, &subject_.kinds}) {
      for (const std::string& name : *names) {
        if (figures_.size() + 1 < until && !shown_.contains(singular(lower(name)))) add_picture(Role::kThing, name);
      }
    }
  }

  void add_data_chart() {
    if (full()) return;
    const bool named = facts_.chart && !facts_.chart->subject.empty();
    const Chart chart{.title = capitalised(named ? facts_.chart->subject : facts_.topic),
                      .values = facts_.data.values,
                      .unit = facts_.data.unit,
                      .kind = facts_.chart ? facts_.chart->kind : ChartKind::kFitting};
    add(Role::kData, chart.title, {}, {"Chart: " + chart.title, tag::CodeParams{chart_code(chart)}});
  }

  void add_tree(Role role, const std::string& title, const std::string& root, std::vector<std::string> names,
                std::size_t until) {
    if (figures_.size() >= until || names.size() < kFewestNames) return;
    names.resize(std::min(names.size(), kMostNames));
    const tag::CodeParams code{tree_code(title, root, names)};
    add(role, root, std::move(names), {"Diagram: " + title, code});
  }

  void add_diagrams(std::size_t until) {
    const std::string& noun = subject_.noun;
    add_tree(Role::kParts, fmt::format("Parts of {}", with_article(noun)), noun, subject_.parts, until);
    add_tree(Role::kKinds, fmt::format("Kinds of {}", noun), noun, subject_.kinds, until);
    add_tree(Role::kExamples, fmt::format("Examples of {}", plural(noun)), noun, subject_.examples, until);
  }

  void add_ideas() {
    std::vector<std::string> names;
    for (const std::string& thing : facts_.things) {
      if (!same_noun(thing, facts_.topic)) names.push_back(capitalised(thing));
    }
    add_tree(Role::kIdeas, "What belongs to the topic", facts_.topic, std::move(names), count_);
  }

  /// The model chooses the numbers, and the labels too where the lexicon has none.
  void add_illustration() {
    if (full()) return;
    const bool named = facts_.chart && !facts_.chart->subject.empty() && illustrations_ == 0;
    std::string title = named ? facts_.chart->subject : facts_.topic;
    if (illustrations_++ > 0) title += fmt::format(", part {}", illustrations_);
    std::vector<std::string> names;
    for (const auto* known : {&subject_.examples, &subject_.kinds, &subject_.parts}) {
      if (names.size() < kFewestNames && known->size() >= kFewestNames) names = *known;
    }
    names.resize(std::min<std::size_t>(names.size(), kMostNames - 1));
    for (std::string& name : names) name = capitalised(name);
    title = capitalised(title);
    add(Role::kIllustration, title, std::move(names), {"Chart: " + title, tag::CodeParams{}});
  }

  void add_wider() {
    if (std::ranges::count(figures_, Role::kSubject, &PlannedFigure::role) > 0) return;
    for (const std::string& wider : subject_.wider) {
      if (figures_.size() + (offered(tag::Source::kEdit) && !facts_.edit_wish.empty() ? 1 : 0) < count_ &&
          add_picture(Role::kWider, wider))
        return;
    }
  }

  void add_edit() {
    if (full()) return;
    std::size_t index = 0;
    std::string shown = "The picture";
    if (request_.input_pictures == 0) {
      const auto first = std::ranges::find_if(
          figures_, [](const PlannedFigure& figure) { return figure.tag.source() == tag::Source::kSearch; });
      if (first == figures_.end()) return;
      index = static_cast<std::size_t>(first - figures_.begin());
      shown = first->tag.description;
    }
    const std::string& wish = facts_.edit_wish;
    const std::string words = wish == "upside down" ? "turn it upside down"
                              : wish == "mirrored"  ? "flip it horizontally"
                              : wish == "blurred"   ? "blur it"
                                                    : "make it " + wish;
    add(Role::kEdit, wish, {}, {fmt::format("{}, {}", shown, wish), tag::EditParams{index, words}});
  }

  /// Pictures that the collections file under the words of the topic, whatever their titles.
  void add_related() {
    for (const std::string& query : {facts_.topic, subject_.noun}) {
      if (!request_.find || query.empty()) continue;
      for (const std::string& title : request_.find(query)) {
        if (!full() && names_itself(title) && used_.insert(title).second)
          add(Role::kThing, trimmed(title), {}, {capitalised(trimmed(title)), tag::SearchParams{trimmed(title)}});
      }
    }
  }

  /// A number was asked for and must be reached.
  void fill() {
    if (offered(tag::Source::kSearch)) add_related();
    if (offered(tag::Source::kCode) && !facts_.story) add_ideas();
    for (std::size_t depth = 0; offered(tag::Source::kSearch) && !full() && depth < kMostPicturesOfOne; ++depth) {
      for (const std::string& thing : all_things()) {
        if (!abstract(thing)) add_picture(Role::kThing, thing);
      }
    }
    while (offered(tag::Source::kCode) && !full()) add_illustration();
    while (offered(tag::Source::kSearch) && !full())
      add(Role::kThing, facts_.topic, {}, {capitalised(facts_.topic), tag::SearchParams{facts_.topic}});
  }

  [[nodiscard]] std::vector<std::string> all_things() const {
    std::vector<std::string> things = facts_.things;
    for (const auto* names : {&subject_.parts, &subject_.kinds, &subject_.wider})
      things.insert(things.end(), names->begin(), names->end());
    return things;
  }

  const FigurePlanRequest& request_;
  const PromptFacts& facts_;
  const Subject& subject_;
  const std::size_t count_;
  std::size_t illustrations_ = 0;
  std::vector<PlannedFigure> figures_;
  std::set<std::string> used_;   ///< Titles of pictures.
  std::set<std::string> shown_;  ///< Things that have a picture.
};

}  // namespace

std::vector<PlannedFigure> plan_figures(const FigurePlanRequest& request) { return Planner(request).plan(); }

}  // namespace llmi::agent
