#include "eval/item_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "base/base64.h"
#include "base/file.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

/// The objects of the file. Throws what the JSON library throws.
std::vector<Json> parse(std::string_view text) {
  std::vector<Json> objects;
  const std::size_t begins = text.find_first_not_of(" \t\r\n");
  if (begins != std::string_view::npos && text[begins] == '[') {
    for (Json& object : Json::parse(text)) objects.push_back(std::move(object));
    return objects;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) objects.push_back(Json::parse(line));
    begin = end + 1;
  }
  return objects;
}

Result<InputImage> from_data_uri(const std::string& uri) {
  const std::size_t comma = uri.find(";base64,");
  auto bytes = comma == std::string::npos ? std::nullopt : base64_decoded(std::string_view(uri).substr(comma + 8));
  if (!bytes) return unreadable("a picture's data URI is not base64");
  return InputImage{.name = "picture", .bytes = *std::move(bytes)};
}

}  // namespace

std::string file_name(std::string_view id) {
  std::string name;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '+' || (c == '.' && !name.empty());
    name += plain ? c : '-';
  }
  return name.empty() ? "item" : name.substr(0, 100);
}

Result<fs::path> file_in(const fs::path& in, const std::vector<std::string_view>& names) {
  std::error_code error;
  if (!fs::is_directory(in, error)) return in;
  for (const std::string_view name : names)
    if (fs::is_regular_file(in / name, error)) return in / name;
  return not_found(fmt::format("{} holds no {}", in.string(), fmt::join(names, " and no ")));
}

Result<data::ToolSet> tools_in(const Json& names) {
  const auto tools = data::parse_tools(names.get<std::vector<std::string>>());
  if (!tools) return unreadable(fmt::format("{} names no tools, or one twice", names.dump()));
  return *tools;
}

bool names_image(const Json& part) {
  const auto image = part.find("image");
  return image != part.end() && image->is_string() && !image->get<std::string>().empty();
}

Result<std::vector<Item>> read_items(const fs::path& file, const ItemReader& reader) {
  LLMI_TRY(const std::string text, read_file(file));
  std::vector<Item> items;
  try {
    std::set<std::string> ids;
    for (const Json& object : parse(text)) {
      auto item = reader(object, items.size());
      if (!item)
        return unreadable(fmt::format("{}, item {}: {}", file.string(), items.size() + 1, item.error().message));
      item->id = file_name(item->id);
      item->source = object.dump();
      item->folder = file.parent_path();
      if (!ids.insert(item->id).second)
        return unreadable(
            fmt::format("{}, item {}: its id {} occurs twice", file.string(), items.size() + 1, item->id));
      items.push_back(*std::move(item));
    }
  } catch (const Json::exception& error) {
    return unreadable(fmt::format("{}, item {}: {}", file.string(), items.size() + 1, error.what()));
  }
  if (items.empty()) return unreadable(fmt::format("{} holds no items", file.string()));
  return items;
}

Result<InputImage> find_image(const std::string& name, const fs::path& folder, const ItemPlace& place) {
  if (name.starts_with("data:")) return from_data_uri(name);
  const fs::path path(name);
  InputImage image{.name = path.filename().string(), .file = folder / path};
  std::error_code error;
  if (fs::exists(image.file, error) || path.empty()) return image;
  const auto corpus = place.corpora.find(path.begin()->string());
  if (corpus != place.corpora.end()) image.file = corpus->second / path.lexically_relative(*path.begin());
  return image;
}

}  // namespace llmi::eval
