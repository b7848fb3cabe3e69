#include "tag/grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "tag/marks.h"
#include "tag/tool_table.h"

namespace llmi::tag {
namespace {

/// The offered tools that can be called at all, in the order of the table.
std::vector<const ToolSpec*> offered(const GrammarOptions& options) {
  std::vector<const ToolSpec*> result;
  for (const ToolSpec& tool : tools()) {
    const bool wanted = std::ranges::find(options.tools, tool.source) != options.tools.end();
    const bool possible = tool.source != Source::kEdit || options.pictures != 0U;
    if (wanted && possible) result.push_back(&tool);
  }
  return result;
}

std::string repetition(std::size_t least, std::size_t limit) {
  return limit == 0 ? "*" : fmt::format("{{0,{}}}", limit - least);
}

std::string string_rules(const GrammarOptions& options) {
  // No control characters and no escapes but those that prose and programs need: what is accepted is always valid.
  return fmt::format(
      "imgen-char ::= [^\"\\\\\\x00-\\x1F\\x7F] | \"\\\\\" [\"\\\\nt]\n"
      "imgen-visible ::= [^\"\\\\\\x00-\\x20\\x7F] | \"\\\\\" [\"\\\\]\n"
      "imgen-any-text ::= \"\\\"\" imgen-char{} \"\\\"\"\n"
      "imgen-text ::= \"\\\"\" imgen-visible imgen-char{} \"\\\"\"\n"
      "imgen-program ::= \"\\\"\" imgen-visible imgen-char{} \"\\\"\"\n",
      repetition(0, options.max_text), repetition(1, options.max_text), repetition(1, options.max_code));
}

std::string index_rule(const GrammarOptions& options) {
  constexpr std::size_t kMostListed = 200;
  if (!options.pictures || *options.pictures > kMostListed)
    return "imgen-picture ::= \"0\" | [1-9] [0-9]? [0-9]? [0-9]?\n";
  std::string rule = "imgen-picture ::= \"0\"";
  for (std::size_t i = 1; i < *options.pictures; ++i) rule += fmt::format(" | \"{}\"", i);
  return rule + "\n";
}

std::string_view rule_of(const ToolSpec& tool, const ParamSpec& param) {
  if (param.kind == ParamKind::kPictureIndex) return "imgen-picture";
  return tool.source == Source::kCode ? "imgen-program" : "imgen-text";
}

std::string tool_rule(const ToolSpec& tool) {
  std::string rule = fmt::format(
      "imgen-{0} ::= \"<imgen>{{\\\"source\\\": \\\"{0}\\\", \\\"description\\\": \" imgen-any-text \", "
      "\\\"params\\\": {{",
      tool.name);
  for (std::size_t i = 0; i < tool.params.size(); ++i) {
    rule +=
        fmt::format("{}\\\"{}\\\": \" {} \"", i > 0 ? ", " : "", tool.params[i].name, rule_of(tool, tool.params[i]));
  }
  return rule + "}}</imgen>\"\n";
}

nlohmann::ordered_json param_schema(const ParamSpec& param, const GrammarOptions& options, std::size_t limit) {
  nlohmann::ordered_json schema;
  if (param.kind == ParamKind::kPictureIndex) {
    schema["type"] = "integer";
    schema["minimum"] = 0;
    if (options.pictures) schema["maximum"] = *options.pictures - 1;
  } else {
    schema["type"] = "string";
    schema["minLength"] = 1;
    if (limit > 0) schema["maxLength"] = limit;
    schema["pattern"] = "\\S";
  }
  schema["description"] = param.meaning;
  return schema;
}

nlohmann::ordered_json object_schema(nlohmann::ordered_json properties) {
  nlohmann::ordered_json required = nlohmann::ordered_json::array();
  for (const auto& property : properties.items()) required.push_back(property.key());
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

nlohmann::ordered_json tool_schema(const ToolSpec& tool, const GrammarOptions& options) {
  const std::size_t limit = tool.source == Source::kCode ? options.max_code : options.max_text;
  nlohmann::ordered_json params;
  for (const ParamSpec& param : tool.params) params[std::string(param.name)] = param_schema(param, options, limit);
  nlohmann::ordered_json description{{"type", "string"}};
  if (options.max_text > 0) description["maxLength"] = options.max_text;
  nlohmann::ordered_json properties;
  properties["source"] = {{"const", tool.name}, {"description", tool.purpose}};
  properties["description"] = std::move(description);
  properties["params"] = object_schema(std::move(params));
  return object_schema(std::move(properties));
}

}  // namespace

std::string tag_gbnf(const GrammarOptions& options) { return "root ::= imgen\n" + tag_gbnf_rules(options); }

std::string answer_gbnf(const GrammarOptions& options) {
  // Rule answer-k: k characters of the mark have been read. Right-linear, so that the engine's stack stays flat; a mark
  // begins with its only '<', so a mismatch falls back to 1 or 0.
  std::string rules = "root ::= answer-0 (imgen root)?\n";
  for (std::size_t k = 0; k < kTagBegin.size(); ++k) {
    const bool last = k + 1 == kTagBegin.size();
    const std::string next = last ? "" : fmt::format("\"{}\" answer-{} | ", kTagBegin[k], k + 1);
    const std::string restart = k == 0 ? "" : "\"<\" answer-1 | ";
    const std::string other = k == 0 ? "[^<]" : fmt::format("[^<{}]", kTagBegin[k]);
    rules += fmt::format("answer-{} ::= ({}{}{} answer-0)?\n", k, next, restart, other);
  }
  return rules + tag_gbnf_rules(options);
}

std::string tag_gbnf_rules(const GrammarOptions& options) {
  const auto tools = offered(options);
  std::string rules = "imgen ::=";
  for (const ToolSpec* tool : tools) rules += fmt::format("{} imgen-{}", tool == tools.front() ? "" : " |", tool->name);
  rules += '\n';
  bool edits = false;
  for (const ToolSpec* tool : tools) {
    rules += tool_rule(*tool);
    edits = edits || tool->source == Source::kEdit;
  }
  return rules + (edits ? index_rule(options) : "") + string_rules(options);
}

std::string tag_json_schema(const GrammarOptions& options) {
  nlohmann::ordered_json alternatives = nlohmann::ordered_json::array();
  for (const ToolSpec* tool : offered(options)) alternatives.push_back(tool_schema(*tool, options));
  return nlohmann::ordered_json{{"anyOf", std::move(alternatives)}}.dump();
}

}  // namespace llmi::tag
