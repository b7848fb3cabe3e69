#include "data/compose.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "data/layout.h"
#include "data/letters.h"

namespace llmi::data {
namespace {

constexpr std::string_view kMark = "<image>";

template <class T>
const T& pick(const std::vector<T>& from, Random& random) {
  return from[random.below(from.size())];
}

/// `count` different members in random order.
template <class T>
std::vector<const T*> draw(std::vector<const T*> all, std::size_t count, Random& random) {
  for (std::size_t at = all.size(); at > 1; --at) std::swap(all[at - 1], all[random.below(at)]);
  all.resize(std::min(count, all.size()));
  return all;
}

/// The members that `fits` allows.
template <class T, class Fits>
std::vector<const T*> those(const std::vector<T>& from, const Fits& fits) {
  std::vector<const T*> all;
  for (const T& member : from)
    if (fits(member)) all.push_back(&member);
  return all;
}

using Wants = std::vector<const Want*>;

ToolSet tools_of(const Wants& wants) {
  ToolSet tools;
  for (const Want* want : wants) tools |= want->tools;
  return tools;
}

/// The number of pictures, unless one of the wants leaves it open.
std::optional<int> pictures_of(const Wants& wants) {
  int sum = 0;
  for (const Want* want : wants) {
    if (!want->pictures) return std::nullopt;
    sum += *want->pictures;
  }
  return sum;
}

std::size_t number_of_wants(Random& random) {
  static constexpr std::array<std::size_t, 8> kNumbers{1, 1, 1, 2, 2, 2, 3, 3};
  return kNumbers[random.below(kNumbers.size())];
}

/// Some wants of those that `fits` allows, with tools that are rare so far.
template <class Fits>
Wants choose_wants(const Wants& usable, const ToolCounts& counts, Random& random, const Fits& fits) {
  constexpr int kTries = 5;
  Wants best;
  std::size_t rarest = std::numeric_limits<std::size_t>::max();
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Wants drawn = draw(usable, number_of_wants(random), random);
    if (drawn.empty() || !fits(drawn)) continue;
    const auto count = counts.find(print_tools(tools_of(drawn)));
    const std::size_t seen = count == counts.end() ? 0 : count->second;
    if (seen >= rarest) continue;
    rarest = seen;
    best = drawn;
  }
  return best;
}

bool ends_with_colon(std::string_view text) { return text.ends_with(':') || text.ends_with("\uFF1A"); }

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class Writer {
 public:
  Writer(const Language& language, const Topic& topic, Random& random)
      : language_(language), topic_(topic), random_(random) {
    if (!topic.situations.empty()) situation_ = random.below(topic.situations.size());
  }

  Row none() {
    open(1 + random_.below(3));
    say("none");
    return finish(kNoPictures, {}, false);
  }

  /// Nothing is said about how many pictures. Half of these prompts show what they want all the same.
  Row any(const ToolCounts& counts) {
    const Wants wants = random_.below(5) < 2
                            ? Wants{}
                            : choose_wants(usable_wants(), counts, random_, [](const Wants&) { return true; });
    open(wants.empty() ? 1 + random_.below(2) : random_.below(2));
    take(wants);
    if (wants.empty() && random_.below(2) == 0) say("free");
    return finish(kAnyPictures, tools_of(wants), !wants.empty());
  }

  Row some(const ToolCounts& counts) {
    const Wants wants = choose_wants(usable_wants(), counts, random_, [](const Wants&) { return true; });
    open(random_.below(2));
    take(wants);
    if (wants.empty()) say("some");
    if (pictures_of(wants) && !wants.empty()) say("more");
    return finish(kSomePictures, tools_of(wants), true);
  }

  Row exact(const ToolCounts& counts) {
    const Wants wants = choose_wants(usable_wants(), counts, random_, [](const Wants& drawn) {
      const std::optional<int> sum = pictures_of(drawn);
      return sum && *sum <= 8;
    });
    if (wants.empty()) return some(counts);
    const int sum = *pictures_of(wants);
    open(random_.below(2));
    take(wants);
    say_number(sum);
    return finish(sum, tools_of(wants), true);
  }

  Row whole(const WholePrompt& prompt) {
    return finish(prompt.image_num, prompt.tools, prompt.image_num > 0 || prompt.tools.any(), expanded(prompt.text));
  }

 private:
  std::string expanded(const std::string& phrase, const std::map<std::string, std::string>& values = {}) {
    return expand(phrase, random_, language_.numbers, values);
  }

  [[nodiscard]] Wants usable_wants() const {
    return those(topic_.wants, [this](const Want& want) { return want.scope[situation_]; });
  }

  void open(std::size_t asks) {
    parts_.situation = expanded(topic_.situations[situation_]);
    const auto usable = those(topic_.asks, [this](const Ask& ask) { return ask.scope[situation_]; });
    for (const Ask* ask : draw(usable, asks, random_)) parts_.asks.push_back(expanded(ask->text));
  }

  void take(const Wants& wants) {
    for (const Want* want : wants) parts_.wants.push_back(expanded(want->text));
  }

  void say(const std::string& kind, const std::map<std::string, std::string>& values = {}) {
    const auto lines = language_.voice.find(kind);
    parts_.rest.push_back(expanded(pick(lines->second, random_), values));
  }

  /// The situation asks for so many words, pages or minutes, or for something short by nature.
  [[nodiscard]] bool says_its_size() const {
    const auto sized = language_.voice.find("sized");
    if (sized == language_.voice.end()) return false;
    const std::vector<std::string> marks = words(sized->second.front());
    return std::ranges::any_of(words(parts_.situation), [&marks](const std::string& word) {
      return std::ranges::find(marks, word) != marks.end();
    });
  }

  void say_number(int pictures) {
    if (pictures == 1) {
      if (random_.below(3) != 0) say("count1");
      return;
    }
    const std::vector<std::string>& numbers = language_.voice.find("number")->second;
    const auto at = static_cast<std::size_t>(pictures - 2);
    const std::string number = at < numbers.size() ? numbers[at] : std::to_string(pictures);
    say(random_.below(3) == 0 ? "countlead" : "count", {{"N", number}});
    parts_.rest.back() = capitalised(parts_.rest.back());
    if (!ends_with_colon(parts_.rest.back())) return;
    parts_.lead = parts_.rest.back();
    parts_.rest.pop_back();
  }

  Row finish(int image_num, const ToolSet& tools, bool needs_pictures) {
    if (random_.below(4) == 0) say("tail");
    if (random_.below(6) == 0 && !says_its_size()) say("length");
    return finish(image_num, tools, needs_pictures, lay_out(parts_, language_, random_));
  }

  Row finish(int image_num, const ToolSet& tools, bool needs_pictures, std::string question) {
    Row row{.question = std::move(question), .image_num = image_num, .tools = tools, .needs_pictures = needs_pictures};
    row.topic = topic_.id;
    row.domain = topic_.domain;
    row.language = language_.code;
    if (!topic_.pictures.empty()) attach(row);
    return row;
  }

  /// As many input pictures as the text has marks; a text without marks gets one, before or after it.
  void attach(Row& row) {
    std::size_t marks = 0;
    for (std::size_t at = row.question.find(kMark); at != std::string::npos; at = row.question.find(kMark, at + 1))
      ++marks;
    if (marks == 0) {
      row.question =
          random_.below(4) == 0 ? row.question + "\n" + std::string(kMark) : std::string(kMark) + "\n" + row.question;
      marks = 1;
    }
    const auto groups = those(topic_.pictures, [marks](const auto& group) { return group.size() >= marks; });
    if (groups.empty()) return;
    const auto all = those(*groups[random_.below(groups.size())], [](const std::string&) { return true; });
    for (const std::string* picture : draw(all, marks, random_)) row.images.push_back(*picture);
  }

  const Language& language_;
  const Topic& topic_;
  Random& random_;
  std::size_t situation_ = 0;
  Parts parts_;
};

}  // namespace

Row compose(const Language& language, const Topic& topic, PictureKind kind, const ToolCounts& counts, Random& random) {
  Writer writer(language, topic, random);
  switch (kind) {
    case PictureKind::kNone:
      return writer.none();
    case PictureKind::kAny:
      return writer.any(counts);
    case PictureKind::kSome:
      return writer.some(counts);
    case PictureKind::kExact:
      break;
  }
  return writer.exact(counts);
}

Row compose_whole(const Language& language, const Topic& topic, std::size_t number, Random& random) {
  return Writer(language, topic, random).whole(topic.whole[number]);
}

}  // namespace llmi::data
