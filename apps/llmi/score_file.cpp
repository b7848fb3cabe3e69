#include "score_file.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "console.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kStandardOutput = "-";

std::string key_of(const std::string& content_hash, std::string_view variant) {
  return fmt::format("{} {}", variant, content_hash);
}

fs::path journal_path(const std::string& file) { return file + ".part"; }

std::string text_at(const Json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Result<std::unique_ptr<ScoreFile>> ScoreFile::open(const std::string& file, std::size_t rows, bool resume) {
  auto scores = std::unique_ptr<ScoreFile>(new ScoreFile(file, rows));
  if (file == kStandardOutput) {
    if (resume) return invalid_argument("--resume needs --out FILE");
    return scores;
  }
  if (resume) {
    LLMI_CHECK_OK(scores->learn(file, false));
    LLMI_CHECK_OK(scores->learn(journal_path(file), true));
  }
  scores->journal_.open(journal_path(file), resume ? std::ios::app : std::ios::trunc);
  if (!scores->journal_)
    return invalid_argument(fmt::format("--out: {} cannot be written", journal_path(file).string()));
  // A torn last line of an earlier run must not swallow the next one.
  if (resume) scores->journal_ << '\n';
  return scores;
}

Result<void> ScoreFile::learn(const fs::path& path, bool torn) {
  if (!fs::exists(path)) return {};
  LLMI_TRY(const std::string text, read_file(path));
  std::string_view rest = text;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view row_text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (row_text.empty()) continue;
    const Json row = Json::parse(row_text, nullptr, false);
    if (!row.is_object() && (torn || rest.empty())) continue;
    if (!row.is_object())
      return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{}: line {} is no score", path.string(), line));
    if (row.contains("score") && row["score"].is_number())
      known_[key_of(text_at(row, "content_hash"), text_at(row, "variant"))] = row_text;
  }
  return {};
}

std::optional<std::string> ScoreFile::known(const std::string& content_hash, std::string_view variant) const {
  const auto found = known_.find(key_of(content_hash, variant));
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void ScoreFile::put(std::size_t row, std::string text) {
  const std::scoped_lock lock(mutex_);
  if (journal_.is_open()) journal_ << text << '\n' << std::flush;
  texts_[row] = std::move(text);
  if (!journal_.is_open()) print_ready();
}

void ScoreFile::print_ready() {
  for (; printed_ < texts_.size() && !texts_[printed_].empty(); ++printed_) print("{}\n", texts_[printed_]);
  std::fflush(stdout);
}

Result<void> ScoreFile::finish() {
  const std::scoped_lock lock(mutex_);
  if (!journal_.is_open()) return {};
  const bool whole = journal_.good();
  journal_.close();
  std::string all;
  for (const std::string& text : texts_) all += text.empty() ? "" : text + "\n";
  LLMI_CHECK_OK(write_file(file_, all));
  std::error_code ignored;
  fs::remove(journal_path(file_), ignored);
  if (!whole) return internal_error(fmt::format("{} could not be written", journal_path(file_).string()));
  return {};
}

}  // namespace llmi::app
