#include "data/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "data/check_shape.h"
#include "data/duplicates.h"
#include "data/leaks.h"

namespace llmi::data {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& info, const char* name) {
  const auto found = info.find(name);
  return found != info.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class FileCheck {
 public:
  explicit FileCheck(const CheckOptions& options) : options_(options) {}

  CheckReport run(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++line_;
      const std::string_view line = text.substr(begin, end - begin);
      if (line.find_first_not_of(" \r\t") != std::string_view::npos) row(line);
      begin = end + 1;
    }
    if (report_.rows == 0) find("", "the file holds no row");
    return std::move(report_);
  }

 private:
  void find(std::string field, std::string message, bool remark = false) {
    report_.findings.push_back({line_, std::move(field), std::move(message), remark});
  }

  void row(std::string_view line) {
    ++report_.rows;
    if (!is_valid_utf8(line)) return find("", "is not UTF-8");
    const Json row = Json::parse(line, nullptr, false);
    if (row.is_discarded()) return find("", "is not JSON");
    for (ShapeProblem& problem : check_shape(row, options_.folder))
      find(std::move(problem.field), std::move(problem.message));
    const std::string prompt = user_text(row);
    if (prompt.empty()) return;
    if (const auto leak = find_leak(prompt, options_.leaks))
      find("prompt", fmt::format("names a tool (\"{}\")", *leak), true);
    if (const auto info = row.find("extra_info"); info != row.end() && info->is_object()) {
      among_others(*info);
      alike(prompt, text_of(*info, "language"));
    }
  }

  void among_others(const Json& info) {
    const std::string topic = text_of(info, "topic");
    const std::string split = text_of(info, "split");
    if (!topic.empty()) {
      const auto [known, first] = splits_.try_emplace(topic, split);
      if (!first && known->second != split)
        find("extra_info.split", fmt::format("topic \"{}\" is in {} and in {}", topic, known->second, split));
    }
    const std::string id = text_of(info, "id");
    if (id.empty()) return;
    const auto [known, first] = ids_.try_emplace(id, line_);
    if (!first) find("extra_info.id", fmt::format("\"{}\" is that of line {} too", id, known->second));
  }

  void alike(const std::string& prompt, const std::string& language) {
    auto& [finder, lines] = prompts_[language];
    if (const auto match = finder.find(prompt))
      find("prompt", fmt::format("nearly the same as line {} ({:.2f} alike)", lines[match->number], match->similarity),
           true);
    finder.add(prompt);
    lines.push_back(line_);
  }

  const CheckOptions& options_;
  std::size_t line_ = 0;
  CheckReport report_;
  std::map<std::string, std::string> splits_;
  std::map<std::string, std::size_t> ids_;
  std::map<std::string, std::pair<DuplicateFinder, std::vector<std::size_t>>> prompts_;
};

}  // namespace

bool CheckReport::usable() const {
  return std::ranges::all_of(findings, [](const Finding& finding) { return finding.remark; });
}

CheckReport check(std::string_view text, const CheckOptions& options) { return FileCheck(options).run(text); }

}  // namespace llmi::data
