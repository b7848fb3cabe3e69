// Hit rates on the default corpora for tests/data/search_queries.txt.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "base/file.h"
#include "store/corpus.h"

namespace llmi::store {
namespace {

struct Expectation {
  std::string query;
  std::string pattern;  ///< Over the path below the corpus folder; "NONE": nothing may be found.
};

std::vector<Expectation> read_expectations() {
  std::vector<Expectation> result;
  std::string text = read_file("tests/data/search_queries.txt").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t arrow = line.find(" => ");
    if (!line.starts_with('#') && arrow != std::string::npos)
      result.push_back({line.substr(0, arrow), line.substr(arrow + 4)});
  }
  return result;
}

/// The path below the corpus folder in small letters, without underscores.
std::string inner_path(const FoundPicture& picture, const std::vector<CorpusSpec>& corpora) {
  std::string path;
  for (const CorpusSpec& spec : corpora)
    if (spec.name == picture.corpus) path = "/" + picture.file.lexically_relative(spec.folder).string();
  std::erase(path, '_');
  for (char& c : path) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return path;
}

bool shows(const std::string& path, const std::string& pattern) {
  for (std::size_t at = 0; at <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('|', at), pattern.size());
    if (path.find(pattern.substr(at, end - at)) != std::string::npos) return true;
    at = end + 1;
  }
  return false;
}

TEST(DefaultCorpora, AnswerWhatPeopleAskFor) {
  for (const CorpusSpec& spec : default_corpora())
    ASSERT_TRUE(std::filesystem::is_directory(spec.folder))
        << "apt-get install tuxpaint-stamps-default openclipart-png";
  const std::vector<Expectation> expectations = read_expectations();
  ASSERT_GE(expectations.size(), 80U);
  const auto folder = *TemporaryFolder::make();
  Corpora corpora({.folder = folder.path()});
  double first = 0;
  double five = 0;
  for (const Expectation& expected : expectations) {
    const auto found = corpora.search({}, expected.query, "", 5);
    ASSERT_TRUE(found) << found.error().message;
    std::size_t rank = found->size();
    for (std::size_t i = 0; i < found->size() && rank == found->size(); ++i)
      if (shows(inner_path((*found)[i], corpora.known()), expected.pattern)) rank = i;
    const bool none = expected.pattern == "NONE";
    const bool hit_first = none ? found->empty() : rank == 0 && !found->empty();
    const bool hit_five = none ? found->empty() : rank < found->size();
    first += hit_first ? 1 : 0;
    five += hit_five ? 1 : 0;
    if (!hit_first)
      fmt::print("missed: {} => {}, got {}\n", expected.query, expected.pattern,
                 found->empty() ? "nothing" : inner_path(found->front(), corpora.known()));
  }
  const double count = static_cast<double>(expectations.size());
  fmt::print("{} queries: top-1 {:.3f}, top-5 {:.3f}\n", expectations.size(), first / count, five / count);
  EXPECT_GE(first / count, 0.93);
  EXPECT_GE(five / count, 0.95);
}

}  // namespace
}  // namespace llmi::store
