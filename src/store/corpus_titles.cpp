#include "store/corpus_titles.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace llmi::store {
namespace {

std::set<std::string> word_set(const WordReader& reader, const std::string& text) {
  std::set<std::string> result;
  for (Word& word : reader.words(text)) result.insert(std::move(word.text));
  return result;
}

bool is_number(const std::string& word) {
  return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

/// File names are cut to a fixed length, so that an author's last name may be there in part only.
bool belongs_to_author(const std::string& word, const std::set<std::string>& author) {
  const auto at = author.lower_bound(word);
  return at != author.end() && (*at == word || (word.size() >= 2 && at->starts_with(word)));
}

std::string join(const std::vector<std::string>& parts) {
  std::string result;
  for (const std::string& part : parts) result += (result.empty() ? "" : " ") + part;
  return result;
}

/// The parts of a file name that say what it shows.
std::string speaking_name(const WordReader& reader, const std::string& file, const std::string& creator) {
  const std::string stem = std::filesystem::path(file).stem().string();
  const std::set<std::string> author = word_set(reader, creator);
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= stem.size();) {
    const std::size_t end = std::min(stem.find_first_of("_- ", at), stem.size());
    std::string part = stem.substr(at, end - at);
    at = end + 1;
    const std::vector<Word> words = reader.words(part);
    if (words.empty()) continue;
    const bool by_author = !parts.empty() && belongs_to_author(words.front().text, author);
    if (!by_author) parts.push_back(std::move(part));
  }
  while (parts.size() > 1 && is_number(parts.back())) parts.pop_back();
  return join(parts);
}

/// "Clipart by Nicu Buculei - jigsaw" -> "jigsaw".
std::string without_author(const std::string& title, const std::string& creator) {
  const std::string mention = "by " + creator + " - ";
  const std::size_t at = creator.empty() ? std::string::npos : title.find(mention);
  return at == std::string::npos || at + mention.size() >= title.size() ? title : title.substr(at + mention.size());
}

bool borne_out(const WordReader& reader, const std::string& title, const ScannedPicture& picture) {
  const std::set<std::string> author = word_set(reader, picture.creator);
  const std::set<std::string> name = word_set(reader, std::filesystem::path(picture.file).stem().string());
  return std::ranges::all_of(reader.words(title), [&](const Word& word) {
    const bool cut = std::ranges::any_of(
        name, [&](const std::string& part) { return part.size() >= 3 && word.text.starts_with(part); });
    return word.text.size() < 3 || author.contains(word.text) || cut;
  });
}

}  // namespace

void settle_titles(std::vector<ScannedPicture>& pictures, WordReader& reader) {
  std::map<std::string, std::size_t> uses;
  for (ScannedPicture& picture : pictures) {
    if (picture.embedded_title) picture.title = without_author(picture.title, picture.creator);
    ++uses[picture.title];
  }
  for (ScannedPicture& picture : pictures) {
    picture.name_words = speaking_name(reader, picture.file, picture.creator);
    if (picture.embedded_title && uses[picture.title] > 1 && !borne_out(reader, picture.title, picture)) {
      picture.place_words += " " + picture.title;
      picture.title.clear();
    }
    if (picture.title.empty()) picture.title = picture.name_words;
  }
}

}  // namespace llmi::store
