#include "eval/isg.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "eval/isg_questions.h"

namespace llmi::eval::isg {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

bool is_text(const Json& block) { return block.at("type") == "text"; }

std::string structure_of_blocks(const Json& blocks) {
  std::string row;
  for (const Json& block : blocks) row += is_text(block) ? 't' : 'i';
  return row;
}

Result<Item> read_item(const Json& json, const fs::path& folder, const ItemPlace& place) {
  LLMI_CHECK_OK(questions_of(json.dump()));
  const Json& id = json.at("id");
  Item item{.id = id.is_string() ? id.get<std::string>() : id.dump(),
            .structure = structure_of_blocks(json.at("Golden")),
            .group = json.value("Category", std::string())};
  for (const Json& block : json.at("Query")) {
    const std::string content = block.at("content").get<std::string>();
    item.prompt += (item.prompt.empty() ? "" : "\n") + (is_text(block) ? content : "<image>");
    if (is_text(block)) continue;
    LLMI_TRY(InputImage image, find_image(content, folder, place));
    item.images.push_back(std::move(image));
  }
  return item;
}

Json output_of(const Answer& answer) {
  Json output = Json::array();
  for (const AnswerBlock& block : blocks_of(answer.document)) {
    if (block.picture == nullptr) {
      output.push_back({{"type", "text"}, {"content", block.text}});
    } else {
      output.push_back({{"type", "image"},
                        {"content", fs::absolute(answer.folder / block.picture->file).lexically_normal().string()}});
    }
  }
  return output;
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"ISG-Bench.jsonl"}));
  return read_items(
      file, [&](const Json& json, std::size_t /*number*/) { return read_item(json, file.parent_path(), place); });
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view /*model*/,
                   std::span<const Finished> finished) {
  std::string lines;
  for (const Finished& one : finished) {
    Json item = Json::parse(one.item.source);
    item["output"] = output_of(one.answer);
    lines += item.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return write_file(out / "isg_output.jsonl", lines);
}

}  // namespace llmi::eval::isg
