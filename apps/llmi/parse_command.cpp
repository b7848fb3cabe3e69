#include "parse_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "tag/parser.h"
#include "tag/tool_table.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string answer;
  std::vector<std::string> images;
};

Json params_json(const tag::Params& params, tag::Source source) {
  Json object = Json::object();
  const auto specs = tag::tool(source).params;
  const auto values = tag::param_values(params);
  for (std::size_t i = 0; i < specs.size(); ++i)
    std::visit([&](const auto& value) { object[std::string(specs[i].name)] = value; }, values[i]);
  return object;
}

struct ToJson {
  Json operator()(const tag::TextItem& item) const {
    return {{"type", "text"}, {"begin", item.begin}, {"end", item.end}};
  }
  Json operator()(const tag::TagItem& item) const {
    const tag::Source source = item.tag.source();
    return {{"type", "tag"},
            {"begin", item.begin},
            {"end", item.end},
            {"index", item.index},
            {"source", name(source)},
            {"description", item.tag.description},
            {"params", params_json(item.tag.params, source)},
            {"recovered", item.recovered}};
  }
  Json operator()(const tag::FaultItem& item) const {
    return {{"type", "fault"},   {"begin", item.begin},
            {"end", item.end},   {"index", item.index},
            {"stage", name(item.fault.stage)}, {"message", item.fault.message}};
  }
};

std::string one_line(std::string_view text, std::size_t longest = 70) {
  std::string line;
  for (const char c : text.substr(0, longest)) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (text.size() <= longest) return line;
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
  if (!line.empty()) line.pop_back();
  return line + "…";
}

struct ToLine {
  std::string operator()(const tag::TextItem& item) const { return fmt::format("text   {}", one_line(item.text)); }
  std::string operator()(const tag::TagItem& item) const {
    const tag::Source source = item.tag.source();
    std::string line = fmt::format("tag {}  {}: \"{}\" {}", item.index, name(source), one_line(item.tag.description),
                                   one_line(params_json(item.tag.params, source).dump(), 100));
    if (!item.recovered.empty()) line += fmt::format("  (recovered: {})", fmt::join(item.recovered, ", "));
    return line;
  }
  std::string operator()(const tag::FaultItem& item) const {
    return fmt::format("fault {}  {}: {}", item.index, name(item.fault.stage), item.fault.message);
  }
};

void print_json(const std::vector<tag::Item>& items) {
  Json list = Json::array();
  for (const tag::Item& item : items) list.push_back(std::visit(ToJson{}, item));
  fmt::print("{}\n", Json{{"items", std::move(list)}}.dump());
}

void print_lines(const std::vector<tag::Item>& items) {
  for (const tag::Item& item : items) {
    const auto [begin, end] = std::visit([](const auto& it) { return std::pair(it.begin, it.end); }, item);
    fmt::print("{:>15}  {}\n", fmt::format("{}-{}", begin, end), std::visit(ToLine{}, item));
  }
}

}  // namespace

Run declare_parse(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("ANSWER", arguments->answer, "file with the text of a model; - reads standard input")->required();
  app.add_option("--image", arguments->images,
                 "an input picture (repeatable): counts before the tags in img_index, is not opened")
      ->allow_extra_args(false);
  return [arguments](Program& program) -> Result<int> {
    LLMI_TRY(const std::string answer, read_file(arguments->answer));
    const auto items = tag::parse(answer, arguments->images.size());
    program.json ? print_json(items) : print_lines(items);
    return 0;
  };
}

}  // namespace llmi::app
