#include "data/make.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "data/compose.h"
#include "data/duplicates.h"
#include "data/leaks.h"
#include "data/split.h"

namespace llmi::data {
namespace {

namespace fs = std::filesystem;

/// A topic whose prompts turn out alike this often in a row has said all it has to say.
constexpr int kMostFailures = 60;

/// Shares of the picture-count kinds, in twentieths.
constexpr std::array<std::pair<PictureKind, std::size_t>, 4> kShares{
    {{PictureKind::kNone, 3}, {PictureKind::kAny, 4}, {PictureKind::kSome, 5}, {PictureKind::kExact, 8}}};

struct Source {
  const Language* language = nullptr;
  const Topic* topic = nullptr;
  Random random{0};
  std::size_t taken = 0;  ///< Rows so far, whole prompts included.
  std::size_t whole = 0;  ///< Whole prompts tried so far.
  bool exhausted = false;
};

class Making {
 public:
  Making(const Material& material, const MakeOptions& options) : material_(material), options_(options) {
    std::uint64_t part = 0;
    for (const Language& language : material.languages)
      for (const Topic& topic : language.topics)
        sources_.push_back({&language, &topic, Random(derived_seed(options.seed, ++part))});
  }

  Result<DataSet> run(const RunContext& context) {
    while (made_.rows.size() < options_.count) {
      LLMI_CHECK_OK(context.check());
      const std::size_t before = made_.rows.size();
      for (Source& source : sources_)
        if (!source.exhausted && made_.rows.size() < options_.count) LLMI_CHECK_OK(take_from(source));
      if (made_.rows.size() == before) return too_few();
    }
    shuffle();
    split_by_topic(made_.rows, options_.test_share, options_.seed);
    name();
    return std::move(made_);
  }

 private:
  Result<void> take_from(Source& source) {
    for (int failures = 0; failures < kMostFailures; ++failures) {
      Row row = next(source);
      if (!accepted(row)) continue;
      LLMI_CHECK_OK(find_pictures(row));
      ++source.taken;
      ++kinds_[picture_kind(row.image_num)];
      ++tools_[print_tools(row.tools)];
      finders_[row.language].add(row.question);
      made_.rows.push_back(std::move(row));
      return {};
    }
    source.exhausted = true;
    return {};
  }

  /// Every second row is one of the topic's whole prompts as long as there are any.
  Row next(Source& source) {
    const Topic& topic = *source.topic;
    const bool composable = !topic.situations.empty();
    if (source.whole < topic.whole.size() && (!composable || source.taken % 2 == 1))
      return compose_whole(*source.language, topic, source.whole++, source.random);
    if (!composable)
      return compose_whole(*source.language, topic, source.random.below(topic.whole.size()), source.random);
    return compose(*source.language, topic, wanted_kind(), tools_, source.random);
  }

  /// The kind that lies furthest behind its share.
  PictureKind wanted_kind() {
    PictureKind wanted = PictureKind::kExact;
    double least = 0;
    bool first = true;
    for (const auto& [kind, share] : kShares) {
      static constexpr std::array<std::string_view, 4> kNames{"none", "any", "some", "exact"};
      const auto seen = static_cast<double>(kinds_[kNames[static_cast<std::size_t>(kind)]]);
      const double progress = seen / static_cast<double>(share);
      if (!first && progress >= least) continue;
      first = false;
      least = progress;
      wanted = kind;
    }
    return wanted;
  }

  bool accepted(const Row& row) {
    if (find_leak(row.question, material_.leaks)) {
      ++made_.discarded.leaks;
      return false;
    }
    if (finders_[row.language].find(row.question)) {
      ++made_.discarded.duplicates;
      return false;
    }
    return true;
  }

  Result<void> find_pictures(Row& row) const {
    for (std::string& picture : row.images) {
      const std::size_t slash = picture.find('/');
      const std::string corpus = picture.substr(0, slash);
      const auto folder = options_.corpora.find(corpus);
      if (folder == options_.corpora.end()) return not_found(fmt::format("no picture collection \"{}\"", corpus));
      const fs::path path = folder->second / picture.substr(slash + 1);
      if (!fs::is_regular_file(path))
        return std::unexpected(
            not_found(fmt::format("{}: not there; is the picture collection {} installed (scripts/setup)?",
                                  path.string(), corpus))
                .error());
      picture = path.string();
    }
    return {};
  }

  std::unexpected<Error> too_few() const {
    return invalid_argument(fmt::format("the material gives only {} prompts that differ enough ({} were asked for)",
                                        made_.rows.size(), options_.count));
  }

  void shuffle() {
    Random random(derived_seed(options_.seed, 0));
    for (std::size_t at = made_.rows.size(); at > 1; --at) std::swap(made_.rows[at - 1], made_.rows[random.below(at)]);
  }

  void name() {
    std::map<std::pair<std::string, std::string>, int> numbers;
    for (std::size_t index = 0; index < made_.rows.size(); ++index) {
      Row& row = made_.rows[index];
      row.index = index;
      row.id = fmt::format("{}-{}-{:03}", row.language, row.topic, ++numbers[{row.language, row.topic}]);
    }
  }

  const Material& material_;
  const MakeOptions& options_;
  std::vector<Source> sources_;
  std::map<std::string, DuplicateFinder> finders_;
  std::map<std::string_view, std::size_t> kinds_;
  ToolCounts tools_;
  DataSet made_;
};

}  // namespace

Result<DataSet> make(const RunContext& context, const Material& material, const MakeOptions& options) {
  return Making(material, options).run(context);
}

}  // namespace llmi::data
