#include "tag/body.h"

#include <fmt/format.h>

#include <string>

#include "base/utf8.h"
#include "tag/byte_scan.h"
#include "tag/literal.h"
#include "tag/loose_literal.h"
#include "tag/parser.h"
#include "tag/schema.h"

namespace llmi::tag {
namespace {

/// The place of an error as the writer of the tag sees it.
std::string snippet(std::string_view body, std::size_t at) {
  constexpr std::size_t kLongest = 32;
  if (at >= body.size()) return "at the end of the tag";
  std::size_t end = std::min(body.size(), at + kLongest);
  while (end < body.size() && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U) --end;
  std::string near(body.substr(at, end - at));
  for (char& c : near) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return fmt::format("at byte {} of the body, before `{}{}`", at, near, end < body.size() ? "…" : "");
}

Fault parse_fault(std::string_view body, const LiteralError& error) {
  return {Stage::kParse,
          fmt::format("the tag cannot be read: {} ({}). Write the body as JSON: "
                      "{{\"source\": …, \"description\": …, \"params\": {{…}}}}",
                      error.message, snippet(body, error.at))};
}

}  // namespace

std::variant<Tag, Fault> read_tag_body(std::string_view body, std::size_t index, RuleSet& rules) {
  if (body.size() > kMaxBody)
    return Fault{Stage::kParse, fmt::format("the tag's body is longer than {} KiB; make it shorter", kMaxBody >> 10U)};
  if (const auto nul = body.find('\0'); nul != std::string_view::npos)
    return Fault{Stage::kParse, fmt::format("a tag cannot hold the character NUL (byte {} of the body)", nul)};
  std::string cleaned;
  if (!is_clean(body)) {
    rules.add(Rule::kUtf8);
    cleaned = to_valid_utf8(body);
    body = cleaned;
  }
  const auto literal = read_literal(body);
  if (literal) {
    rules.add(literal->rules);
    return validate(literal->value, index);
  }
  if (const auto loose = read_loose_literal(body)) {
    // Only a valid tag confirms that stray quotes were all that was wrong.
    auto result = validate(loose->value, index);
    if (std::holds_alternative<Tag>(result)) {
      rules.add(loose->rules);
      return result;
    }
  }
  return parse_fault(body, literal.error());
}

std::variant<Tag, Fault> read_body(std::string_view body, std::size_t index, std::vector<std::string>* recovered) {
  RuleSet rules;
  auto result = read_tag_body(body, index, rules);
  if (recovered != nullptr) *recovered = rules.names();
  return result;
}

}  // namespace llmi::tag
