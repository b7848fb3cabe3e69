#include "data/material.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <set>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "base/utf8.h"

namespace llmi::data {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

/// Takes the first word off a line.
std::string take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(end);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return word;
}

/// Calls `handle(keyword, rest)` for every line that is neither empty nor a comment; adds the line to its errors.
template <class Handle>
Result<void> for_lines(std::string_view text, const Handle& handle) {
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::string keyword = take_word(line);
    Result<void> done = handle(keyword, line);
    if (done) done = check_phrase(line);
    if (!done) return unreadable(fmt::format("line {}: {}", number, done.error().message));
  }
  return {};
}

std::optional<int> parse_count(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count >= kSomePictures)
    return std::nullopt;
  return count;
}

Result<ToolSet> take_tools(std::string_view& rest) {
  const std::string word = take_word(rest);
  if (const std::optional<ToolSet> tools = parse_tools(word)) return *tools;
  return unreadable(fmt::format("\"{}\" is no list of tools", word));
}

/// Takes "@13" off a keyword: the first and the third situation. Without it: all.
Result<Scope> take_scope(std::string& keyword) {
  Scope scope;
  const std::size_t at = keyword.find('@');
  if (at == std::string::npos) return scope.set();
  for (const char digit : keyword.substr(at + 1)) {
    if (digit < '1' || digit > '9') return unreadable(fmt::format("\"{}\" names no situations", keyword));
    scope.set(static_cast<std::size_t>(digit - '1'));
  }
  keyword.resize(at);
  return scope;
}

/// w TOOLS COUNT|some TEXT
Result<void> read_want(Topic& topic, const Scope& scope, std::string_view rest) {
  Want want;
  want.scope = scope;
  LLMI_TRY(want.tools, take_tools(rest));
  const std::string count = take_word(rest);
  want.pictures = parse_count(count);
  if (!want.pictures && count != "some") return unreadable(fmt::format("\"{}\" is no number of pictures", count));
  if (want.tools.none()) return unreadable("a wish for pictures needs tools");
  want.text = rest;
  topic.wants.push_back(std::move(want));
  return {};
}

/// q none|any|some|COUNT TOOLS TEXT
Result<void> read_whole(Topic& topic, std::string_view rest) {
  static constexpr std::array<std::pair<std::string_view, int>, 3> kKinds{
      {{"none", kNoPictures}, {"any", kAnyPictures}, {"some", kSomePictures}}};
  WholePrompt whole;
  const std::string kind = take_word(rest);
  const auto* const named = std::ranges::find(kKinds, kind, &std::pair<std::string_view, int>::first);
  const std::optional<int> count = parse_count(kind);
  if (named == kKinds.end() && !count) return unreadable(fmt::format("\"{}\" is no kind of picture count", kind));
  whole.image_num = count ? *count : named->second;
  LLMI_TRY(whole.tools, take_tools(rest));
  if (whole.image_num == kNoPictures && whole.tools.any()) return unreadable("no pictures need no tools");
  whole.text = rest;
  topic.whole.push_back(std::move(whole));
  return {};
}

/// p FOLDER NAME NAME …: the group of FOLDER/NAME.png
void read_pictures(Topic& topic, std::string_view rest) {
  const std::string folder = take_word(rest);
  std::vector<std::string>& group = topic.pictures.emplace_back();
  while (!rest.empty()) group.push_back(folder + "/" + take_word(rest) + ".png");
}

Result<void> read_topic_line(std::vector<Topic>& topics, const std::string& language, std::string keyword,
                             std::string_view rest) {
  if (keyword == "topic") {
    Topic topic{.language = language};
    topic.id = take_word(rest);
    topic.domain = take_word(rest);
    if (topic.domain.empty()) return unreadable("a topic needs an id and a domain");
    topics.push_back(std::move(topic));
    return {};
  }
  if (topics.empty()) return unreadable("a line before the first topic");
  if (rest.empty()) return unreadable(fmt::format("\"{}\" without a text", keyword));
  Topic& topic = topics.back();
  LLMI_TRY(const Scope scope, take_scope(keyword));
  if (keyword == "w") return read_want(topic, scope, rest);
  if (keyword == "q") return read_whole(topic, rest);
  if (keyword == "s") {
    topic.situations.emplace_back(rest);
  } else if (keyword == "a") {
    topic.asks.push_back({std::string(rest), scope});
  } else if (keyword == "p") {
    read_pictures(topic, rest);
  } else {
    return unreadable(fmt::format("\"{}\" is no kind of line", keyword));
  }
  return {};
}

Result<void> read_voice(Language& language, std::string_view text) {
  return for_lines(text, [&](const std::string& keyword, std::string_view rest) -> Result<void> {
    if (keyword == "decimal") {
      language.numbers.decimal = rest;
    } else if (keyword == "thousands") {
      language.numbers.thousands = rest == "space" ? "\u202F" : rest;
    } else if (keyword == "spaces") {
      language.spaces = rest != "no";
    } else {
      language.voice[keyword].emplace_back(rest);
    }
    return {};
  });
}

Result<std::string> read_text(const fs::path& file) {
  LLMI_TRY(std::string text, read_file(file));
  if (!is_valid_utf8(text)) return unreadable(fmt::format("{}: not UTF-8", file.string()));
  return text;
}

Error in_file(Error error, const fs::path& file) {
  error.message = fmt::format("{}: {}", file.string(), error.message);
  return error;
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, error)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

/// What `make` asks of a voice without a fallback.
Result<void> check_language(const Language& language) {
  static constexpr std::array<std::string_view, 11> kNeeded{"count1", "count", "countlead", "number", "some", "more",
                                                            "none",   "free",  "tail",      "length", "list"};
  for (const std::string_view kind : kNeeded)
    if (!language.voice.contains(kind)) return unreadable(fmt::format("{}: no \"{}\" line", language.code, kind));
  std::set<std::string> ids;
  for (const Topic& topic : language.topics) {
    if (!ids.insert(topic.id).second) return unreadable(fmt::format("{}: topic {} twice", language.code, topic.id));
    if (topic.whole.empty() && (topic.situations.empty() || topic.wants.empty()))
      return unreadable(fmt::format("{}: topic {} lacks situations or wants", language.code, topic.id));
  }
  return {};
}

Result<Language> read_language(const fs::path& folder) {
  Language language{.code = folder.filename().string()};
  for (const fs::path& file : sorted_entries(folder)) {
    LLMI_TRY(const std::string text, read_text(file));
    if (file.filename() == "voice.txt") {
      Result<void> done = read_voice(language, text);
      if (!done) return std::unexpected(in_file(std::move(done).error(), file));
      continue;
    }
    Result<std::vector<Topic>> topics = parse_topics(text, language.code);
    if (!topics) return std::unexpected(in_file(std::move(topics).error(), file));
    std::ranges::move(*topics, std::back_inserter(language.topics));
  }
  LLMI_CHECK_OK(check_language(language));
  return language;
}

}  // namespace

Result<std::vector<Topic>> parse_topics(std::string_view text, const std::string& language) {
  std::vector<Topic> topics;
  LLMI_CHECK_OK(for_lines(text, [&](const std::string& keyword, std::string_view rest) {
    return read_topic_line(topics, language, keyword, rest);
  }));
  return topics;
}

Result<Material> read_material(const fs::path& folder) {
  Material material;
  LLMI_TRY(const std::string leaks, read_text(folder / "leaks.txt"));
  std::istringstream lines(leaks);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && !line.starts_with('#')) material.leaks.push_back(line);
  for (const fs::path& entry : sorted_entries(folder)) {
    if (!fs::is_directory(entry)) continue;
    LLMI_TRY(Language language, read_language(entry));
    material.languages.push_back(std::move(language));
  }
  if (material.languages.empty()) return not_found(fmt::format("{} holds no language", folder.string()));
  return material;
}

}  // namespace llmi::data
