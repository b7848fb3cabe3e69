#include "eval/tvir.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "eval/llmi_bench.h"
#include "store/run_record.h"

namespace llmi::eval::tvir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Result<Item> read_item(const Json& json) {
  const Json& id = json.at("id");
  Item item{.id = id.is_string() ? id.get<std::string>() : id.dump(), .prompt = json.at("query").get<std::string>()};
  for (const auto& [section, questions] : json.at("checklist").items())
    for (const Json& question : questions) item.criteria.push_back(question.get<std::string>());
  return item;
}

std::string without_brackets(std::string text) {
  for (char& c : text)
    if (c == '[' || c == ']' || c == '\n') c = ' ';
  return text;
}

/// Writes the picture and gives the Markdown that shows it.
Result<std::string> write_picture(const fs::path& folder, const Answer& answer, const document::FigureBlock& block) {
  const document::ReadyFigure& figure = *block.ready();
  const char* kind = block.call && block.call->source() == tag::Source::kCode ? "charts" : "images";
  const std::string name = fmt::format("{}/{}", kind, fs::path(figure.file).filename().string());
  LLMI_TRY(const image::Picture picture, store::read_picture(answer.folder, figure));
  LLMI_CHECK_OK(write_file(folder / name, picture.bytes));
  return fmt::format("\n\n![{}]({})\n\n*{}*\n\n", without_brackets(block.alt), name, block.caption);
}

Result<void> write_report(const fs::path& folder, const Answer& answer) {
  std::string markdown;
  for (const document::Block& block : answer.document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      markdown += text->markdown;
    } else if (const auto& figure = std::get<document::FigureBlock>(block); figure.ready() != nullptr) {
      LLMI_TRY(const std::string shown, write_picture(folder, answer, figure));
      markdown += shown;
    }
  }
  return write_file(folder / "report.md", markdown);
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"query.json"}));
  return read_items(file, [](const Json& json, std::size_t /*number*/) { return read_item(json); });
}

Result<Judged> judge(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer) {
  LLMI_TRY(Judged judged, llmi_bench::judge(judge, rules, item, answer));
  for (Measure& measure : judged.measures) measure.name.replace(0, std::string_view("score").size(), "checklist");
  return judged;
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view model,
                   std::span<const Finished> finished) {
  for (const Finished& one : finished)
    LLMI_CHECK_OK(tvir::write_report(out / "reports" / file_name(model) / one.item.id, one.answer));
  return {};
}

}  // namespace llmi::eval::tvir
