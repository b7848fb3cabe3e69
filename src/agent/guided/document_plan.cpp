#include "agent/guided/document_plan.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

struct EditWish {
  std::string_view words;
  std::string_view instruction;
};

constexpr std::array kEditWishes{
    EditWish{"black and white"sv, "make it black and white"}, EditWish{"black-and-white"sv, "make it black and white"},
    EditWish{"grayscale"sv, "make it greyscale"},             EditWish{"greyscale"sv, "make it greyscale"},
    EditWish{"sepia"sv, "make it sepia"},                     EditWish{"old photo"sv, "make it sepia"},
    EditWish{"mirrored"sv, "flip it horizontally"},
};

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

/// Nothing that would end a Python or JSON string, or a line.
std::string plain(std::string text) {
  std::erase_if(text, [](char c) { return c == '\'' || c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
  return text;
}

class Planner {
 public:
  Planner(const PromptFacts& facts, const std::vector<tag::Source>& tools, const FindPictures& find)
      : facts_(facts), tools_(tools), find_(find) {}

  std::vector<PlannedFigure> plan(std::string_view prompt, std::size_t count) {
    count_ = count;
    const bool given = offered(tag::Source::kCode) && !facts_.values.empty();
    // A picture of the subject opens the document; the numbers come right after it.
    if (offered(tag::Source::kSearch) && count > (given ? 1 : 0)) add_searches(1);
    if (given) add_given_chart();
    if (offered(tag::Source::kSearch)) add_searches(wanted_searches(prompt));
    if (offered(tag::Source::kEdit)) add_edit(prompt);
    if (offered(tag::Source::kCode) && facts_.wants_chart && facts_.values.empty()) add_chart(facts_.chart_subject);
    if (offered(tag::Source::kSearch)) add_searches(count_);
    while (offered(tag::Source::kCode) && !full()) add_chart("");
    while (offered(tag::Source::kSearch) && !full()) add_search(facts_.topic, facts_.topic);
    return std::move(figures_);
  }

 private:
  [[nodiscard]] bool offered(tag::Source source) const { return std::ranges::count(tools_, source) > 0; }
  [[nodiscard]] bool full() const { return figures_.size() >= count_; }

  /// Places are kept for a chart and an edit that the prompt asks for.
  [[nodiscard]] std::size_t wanted_searches(std::string_view prompt) const {
    const bool chart = offered(tag::Source::kCode) && facts_.wants_chart && facts_.values.empty();
    const bool edit = offered(tag::Source::kEdit) && find_wish(prompt) != nullptr;
    const std::size_t kept = figures_.size() + (chart ? 1 : 0) + (edit ? 1 : 0);
    return count_ > kept ? figures_.size() + (count_ - kept) : figures_.size();
  }

  void add_given_chart() {
    if (full()) return;
    const std::string subject = facts_.chart_subject.empty() ? facts_.topic : facts_.chart_subject;
    PlannedFigure figure{.source = tag::Source::kCode, .chart_title = plain(capitalised(subject)), .values = facts_.values, .unit = facts_.unit};
    for (GivenValue& value : figure.values) value.label = plain(capitalised(value.label));
    figure.description = "Chart: " + figure.chart_title;
    figures_.push_back(std::move(figure));
  }

  void add_chart(const std::string& subject) {
    if (full()) return;
    const std::string about = plain(subject.empty() ? facts_.topic : subject);
    figures_.push_back({.source = tag::Source::kCode, .description = "Chart: " + about, .chart_title = capitalised(about)});
  }

  void add_search(const std::string& query, const std::string& description) {
    if (full()) return;
    figures_.push_back({.source = tag::Source::kSearch, .description = plain(capitalised(description)), .query = plain(query)});
  }

  /// Searches until there are `until` figures: for the topic, then for each thing the prompt names.
  void add_searches(std::size_t until) {
    std::vector<std::string> queries{facts_.topic};
    queries.insert(queries.end(), facts_.things.begin(), facts_.things.end());
    // One picture a thing first, then further pictures of the same things.
    for (std::size_t depth = 0; depth < 6 && figures_.size() < until; ++depth) {
      for (const std::string& query : queries) {
        const auto titles = titles_for(query);
        if (figures_.size() >= until) return;
        if (depth < titles.size() && used_.insert(titles[depth]).second) add_search(depth == 0 ? query : titles[depth], titles[depth]);
      }
    }
  }

  [[nodiscard]] std::vector<std::string> titles_for(const std::string& query) const {
    if (find_) return find_(query);
    return {query};
  }

  static const EditWish* find_wish(std::string_view prompt) {
    for (const EditWish& wish : kEditWishes) {
      if (prompt.find(wish.words) != std::string_view::npos) return &wish;
    }
    return nullptr;
  }

  void add_edit(std::string_view prompt) {
    const EditWish* wish = find_wish(prompt);
    const auto first = std::ranges::find(figures_, tag::Source::kSearch, &PlannedFigure::source);
    if (wish == nullptr || first == figures_.end() || full()) return;
    const auto parent = static_cast<std::size_t>(first - figures_.begin());
    figures_.push_back({.source = tag::Source::kEdit, .description = first->description + ", " + std::string(wish->words),
                        .parent = parent, .instruction = std::string(wish->instruction)});
  }

  const PromptFacts& facts_;
  const std::vector<tag::Source>& tools_;
  const FindPictures& find_;
  std::size_t count_ = 0;
  std::vector<PlannedFigure> figures_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<PlannedFigure> plan_figures(const PromptFacts& facts, std::string_view prompt, std::size_t count,
                                        const std::vector<tag::Source>& tools, const FindPictures& find) {
  return Planner(facts, tools, find).plan(prompt, count);
}

}  // namespace llmi::agent
