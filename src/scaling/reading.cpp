#include "scaling/reading.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "agent/guided/english.h"

namespace llmi::scaling {
namespace {

constexpr double kEnoughWords = 200;
constexpr std::size_t kShortestWord = 3;

// Words of prompts and descriptions that say nothing of their subject.
constexpr std::array<std::string_view, 44> kEmpty{
    "the",   "and",   "for",     "with",    "that",     "this",  "from",  "into",  "about",  "are",  "was",
    "how",   "what",  "which",   "why",     "when",     "who",   "write", "show",  "shows",  "make", "explain",
    "short", "guide", "article", "picture", "pictures", "image", "photo", "chart", "figure", "text", "document",
    "two",   "three", "its",     "their",   "your",     "has",   "have",  "can",   "will",   "not",  "should"};

std::set<std::string> content_words(std::string_view text) {
  std::set<std::string> words;
  for (const std::string& word : agent::words_of(agent::lower(text))) {
    if (word.size() < kShortestWord || std::ranges::find(kEmpty, word) != kEmpty.end()) continue;
    words.insert(agent::singular(word));
  }
  return words;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

double variety(const std::vector<std::string>& words) {
  if (words.size() < 4) return words.empty() ? 0 : 1;
  std::set<std::string> runs;
  for (std::size_t i = 2; i < words.size(); ++i)
    runs.insert(agent::lower(words[i - 2] + " " + words[i - 1] + " " + words[i]));
  return share(runs.size(), words.size() - 2);
}

double shape(std::string_view text) {
  const bool title = text.starts_with("# ");
  const std::size_t first = text.find("\n\n");
  const bool paragraphs = first != std::string_view::npos && text.find("\n\n", first + 2) != std::string_view::npos;
  const std::size_t last = text.find_last_not_of(" \t\r\n*_)\"'`");
  static constexpr std::array<std::string_view, 7> kEnds{".", "!", "?", "|", "。", "！", "？"};
  const bool ends = last != std::string_view::npos &&
                    std::ranges::any_of(kEnds, [&](auto end) { return text.substr(0, last + 1).ends_with(end); });
  return (static_cast<double>(title) + static_cast<double>(paragraphs) + static_cast<double>(ends)) / 3;
}

const std::string* text_at(const document::Document& document, std::size_t block) {
  const auto* text =
      block < document.blocks.size() ? std::get_if<document::TextBlock>(&document.blocks[block]) : nullptr;
  return text == nullptr ? nullptr : &text->markdown;
}

double fit(const document::Document& document) {
  double sum = 0;
  std::size_t figures = 0;
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    const auto* figure = std::get_if<document::FigureBlock>(&document.blocks[i]);
    if (figure == nullptr) continue;
    ++figures;
    if (!figure->call) continue;
    std::string around;
    for (const std::size_t beside : {i - 1, i + 1}) {
      if (const std::string* text = text_at(document, beside)) around += *text + "\n";
    }
    sum += shared_words(figure->call->description, around);
  }
  return figures == 0 ? 1 : sum / static_cast<double>(figures);
}

}  // namespace

double shared_words(std::string_view wanted, std::string_view text) {
  const auto words = content_words(wanted);
  const auto there = content_words(text);
  std::size_t found = 0;
  for (const std::string& word : words) found += there.contains(word) ? 1 : 0;
  return share(found, words.size());
}

Reading read_document(const document::Document& document, std::string_view prompt) {
  std::string text;
  for (const document::Block& block : document.blocks) {
    if (const auto* part = std::get_if<document::TextBlock>(&block)) text += part->markdown;
  }
  const auto words = agent::words_of(text);
  return {.topic = shared_words(prompt, text),
          .variety = variety(words),
          .shape = shape(text),
          .substance = std::min(1.0, static_cast<double>(words.size()) / kEnoughWords),
          .fit = fit(document)};
}

}  // namespace llmi::scaling
