#include "tag/loose_literal.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "tag/string_literal.h"
#include "tag/tool_table.h"

namespace llmi::tag {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::array<std::string_view, 3> kTagKeys{"source", "description", "params"};

class LooseReader {
 public:
  explicit LooseReader(std::string_view text) : text_(text) {}

  std::optional<Literal> run() {
    skip_spaces();
    Literal literal;
    if (!dict(literal.value.data.emplace<Dict>(), false)) return std::nullopt;
    skip_spaces();
    if (at_ < text_.size()) return std::nullopt;
    literal.rules = rules_;
    return literal;
  }

 private:
  [[nodiscard]] std::size_t after_spaces(std::size_t at) const {
    while (at < text_.size() && is_space(text_[at])) ++at;
    return at;
  }
  [[nodiscard]] bool has(std::size_t at, char c) const { return at < text_.size() && text_[at] == c; }
  void skip_spaces() { at_ = after_spaces(at_); }
  bool take(char c) {
    if (!has(at_, c)) return false;
    ++at_;
    skip_spaces();
    return true;
  }

  bool dict(Dict& out, bool params) {
    if (!take('{')) return false;
    bool comma = false;
    while (!has(at_, '}')) {
      if (!member(out, params)) return false;
      skip_spaces();
      comma = take(',');
      if (!comma && !has(at_, '}')) return false;
    }
    if (comma) rules_.add(Rule::kTrailingComma);
    ++at_;
    return true;
  }

  bool member(Dict& out, bool params) {
    const auto key_start = string_start(text_, at_);
    if (!key_start) return false;
    const std::size_t end = string_end(text_, *key_start);
    if (end == kNo || !decode(*key_start, end, out.emplace_back().key)) return false;
    skip_spaces();
    return take(':') && value(out.back(), params);
  }

  bool value(Member& member, bool params) {
    if (has(at_, '{')) return !params && dict(member.value.data.emplace<Dict>(), true);
    const auto start = string_start(text_, at_);
    if (!start) return word(member.value);
    if (is_sum(*start)) return false;
    std::size_t end = start->content;
    while (end < text_.size() && !ends_string(end, *start, params)) end += text_[end] == '\\' ? 2U : 1U;
    if (end >= text_.size()) return false;
    auto& content = member.value.data.emplace<std::string>();
    if (!decode(*start, end, content)) return false;
    if (!params && member.key == "source") source_ = source_from_name(content);
    return true;
  }

  /// `'a' + 'b'`: an expression, not a string with quotes in it.
  [[nodiscard]] bool is_sum(const StringStart& start) const {
    const std::size_t end = string_end(text_, start);
    return end != kNo && has(after_spaces(end + start.quotes), '+');
  }

  bool word(Value& out) {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    auto read = read_word(text_.substr(at_, end - at_), rules_);
    if (!read) return false;
    out = *std::move(read);
    at_ = end;
    return true;
  }

  bool decode(const StringStart& start, std::size_t end, std::string& out) {
    auto content = decode_string(text_, start, end, rules_);
    if (!content) return false;
    out = *std::move(content);
    at_ = end + start.quotes;
    return true;
  }

  bool ends_string(std::size_t at, const StringStart& start, bool params) {
    if (!is_delimiter(text_, at, start)) return false;
    const std::size_t after = after_spaces(at + start.quotes);
    if (params ? goes_on_in_params(after) : goes_on_in_tag(after)) return true;
    rules_.add(Rule::kUnescapedQuote);
    return false;
  }

  /// Whether `at` continues the outer dict: `, "key":`, or its end.
  [[nodiscard]] bool goes_on_in_tag(std::size_t at) const {
    if (has(at, ',')) {
      at = after_spaces(at + 1);
      if (key_at(at, kTagKeys)) return true;
    }
    return has(at, '}') && after_spaces(at + 1) == text_.size();
  }

  [[nodiscard]] bool goes_on_in_params(std::size_t at) const {
    if (has(at, ',')) {
      at = after_spaces(at + 1);
      if (param_key_at(at)) return true;
    }
    return has(at, '}') && goes_on_in_tag(after_spaces(at + 1));
  }

  [[nodiscard]] bool param_key_at(std::size_t at) const {
    for (const ToolSpec& tool : tools()) {
      if (source_ && *source_ != tool.source) continue;
      for (const ParamSpec& param : tool.params) {
        if (key_at(at, std::span(&param.name, 1))) return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool key_at(std::size_t at, std::span<const std::string_view> names) const {
    if (!has(at, '"') && !has(at, '\'')) return false;
    return std::ranges::any_of(names, [&](std::string_view name) {
      const std::size_t end = at + 1 + name.size();
      return text_.substr(at + 1, name.size()) == name && has(end, text_[at]) && has(after_spaces(end + 1), ':');
    });
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Source> source_;
  RuleSet rules_;
};

}  // namespace

std::optional<Literal> read_loose_literal(std::string_view text) {
  if (text.find("</imgen>") != kNo) return std::nullopt;
  return LooseReader(text).run();
}

}  // namespace llmi::tag
