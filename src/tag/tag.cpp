#include "tag/tag.h"

#include <fmt/format.h>

#include "tag/tool_table.h"

namespace llmi::tag {
namespace {

void append_character(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    out += c;
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) append_character(out, c);
  out += '"';
}

void append_params(std::string& out, const Tag& tag) {
  const auto specs = tool(tag.source()).params;
  const auto values = param_values(tag.params);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (i > 0) out += ", ";
    append_string(out, specs[i].name);
    out += ": ";
    if (const auto* text = std::get_if<std::string>(&values[i])) {
      append_string(out, *text);
    } else {
      out += std::to_string(std::get<std::size_t>(values[i]));
    }
  }
}

}  // namespace

std::string_view name(Source source) noexcept { return tool(source).name; }

std::optional<Source> source_from_name(std::string_view name) noexcept {
  for (const ToolSpec& tool : tools()) {
    if (tool.name == name) return tool.source;
  }
  return std::nullopt;
}

std::string print(const Tag& tag) {
  std::string out = "<imgen>{\"source\": ";
  append_string(out, name(tag.source()));
  out += ", \"description\": ";
  append_string(out, tag.description);
  out += ", \"params\": {";
  append_params(out, tag);
  out += "}}</imgen>";
  return out;
}

}  // namespace llmi::tag
