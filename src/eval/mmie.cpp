#include "eval/mmie.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "eval/steps.h"
#include "image/decode.h"

namespace llmi::eval::mmie {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Whether the path stays below the folder that it starts from: the file it names comes from outside.
bool is_inside(const fs::path& path) {
  return path.is_relative() && !path.lexically_normal().native().starts_with("..");
}

Result<Item> read_item(const Json& json, const fs::path& folder, const ItemPlace& place) {
  const Json& id = json.at("id");
  Item item{.id = id.is_string() ? id.get<std::string>() : id.dump()};
  // Ids carry the class: situational analysis, project-based learning, multi-step reasoning.
  for (const char* group : {"SA", "PBL", "MSR"})
    if (item.id.find(group) != std::string::npos) item.group = group;
  const Json& question = json.at("question");
  if (question.is_string()) {
    item.prompt = question.get<std::string>();
    return item;
  }
  for (const Json& part : question) {
    const auto text = part.find("text");
    if (text != part.end() && text->is_string())
      item.prompt += (item.prompt.empty() ? "" : "\n") + text->get<std::string>();
    if (!names_image(part)) continue;
    item.prompt += "<image>";
    LLMI_TRY(InputImage image, find_image(part.at("image").get<std::string>(), folder, place));
    item.images.push_back(std::move(image));
  }
  return item;
}

Result<Json> write_answer(const fs::path& folder, const Finished& finished) {
  return steps_of(
      finished.answer, [&](const document::ReadyFigure& figure, const image::Picture& picture) -> Result<std::string> {
        std::string name = fmt::format("images/{}-{}", finished.item.id, fs::path(figure.file).filename().string());
        LLMI_CHECK_OK(write_file(folder / name, picture.bytes));
        return name;
      });
}

Result<void> copy_question(const fs::path& folder, const Item& item, const Json& source) {
  const Json& question = source.at("question");
  if (!question.is_array()) return {};
  for (const Json& part : question) {
    if (!names_image(part)) continue;
    const fs::path path = part.at("image").get<std::string>();
    if (!is_inside(path)) continue;
    LLMI_TRY(const std::string bytes, read_file(item.folder / path, image::DecodeLimits{}.max_bytes));
    LLMI_CHECK_OK(write_file(folder / path, bytes));
  }
  return {};
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"data.json"}));
  return read_items(
      file, [&](const Json& json, std::size_t /*number*/) { return read_item(json, file.parent_path(), place); });
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view model,
                   std::span<const Finished> finished) {
  const fs::path folder = out / "mmie";
  Json list = Json::array();
  for (const Finished& one : finished) {
    Json item = Json::parse(one.item.source);
    LLMI_TRY(item["answer"], write_answer(folder, one));
    item["model"] = std::string(model);
    LLMI_CHECK_OK(copy_question(folder, one.item, item));
    list.push_back(std::move(item));
  }
  return write_file(folder / "data.json", list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace llmi::eval::mmie
