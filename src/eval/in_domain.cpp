#include "eval/in_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "data/check_shape.h"

namespace llmi::eval::in_domain {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTrain = "train";

/// A path, a data URI, or an object with `path` or base64 `bytes`.
Result<InputImage> image_of(const Json& json, const fs::path& folder, const ItemPlace& place) {
  if (json.is_string()) return find_image(json.get<std::string>(), folder, place);
  if (!json.contains("bytes")) return find_image(json.at("path").get<std::string>(), folder, place);
  return find_image("data:;base64," + json.at("bytes").get<std::string>(), folder, place);
}

Result<Item> read_item(const Json& json, const fs::path& folder, const ItemPlace& place, std::size_t number) {
  const Json& info = json.at("extra_info");
  Item item{.id = info.value("id", fmt::format("row-{:05}", info.value("index", number))),
            .prompt = data::user_text(json),
            .image_num = info.at("image_num").get<int>(),
            .group = info.at("split").get<std::string>() == kTrain ? kTrain : info.value("domain", std::string())};
  LLMI_TRY(item.tools, tools_in(info.at("tools")));
  if (const auto images = json.find("images"); images != json.end() && images->is_array())
    for (const Json& image : *images) {
      LLMI_TRY(InputImage picture, image_of(image, folder, place));
      item.images.push_back(std::move(picture));
    }
  return item;
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"prompts.jsonl", "test.jsonl"}));
  LLMI_TRY(std::vector<Item> items, read_items(file, [&](const Json& json, std::size_t number) {
             return read_item(json, file.parent_path(), place, number);
           }));
  std::erase_if(items, [](const Item& item) { return item.group == kTrain; });
  if (items.empty())
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("{} holds no row whose extra_info.split is test", file.string()));
  return items;
}

}  // namespace llmi::eval::in_domain
