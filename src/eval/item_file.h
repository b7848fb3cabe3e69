#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "eval/item.h"

namespace llmi::eval {

/// Where a benchmark lies.
struct ItemPlace {
  std::filesystem::path in;                              ///< A file, or a folder that holds the benchmark's usual file.
  std::map<std::string, std::filesystem::path> corpora;  ///< Folder of each picture collection, by name.
};

/// The place's file: `in` itself, or the first of `names` that is there when it is a folder. Errors: kNotFound naming
/// what was looked for.
[[nodiscard]] Result<std::filesystem::path> file_in(const std::filesystem::path& in,
                                                    const std::vector<std::string_view>& names);

/// The text as the name of a file or folder: letters, digits and few signs, anything else a hyphen; at most 100 bytes.
[[nodiscard]] std::string file_name(std::string_view text);

/// The tools that a list names; may throw the JSON library's exceptions. Errors: kUnreadable for other names.
[[nodiscard]] Result<data::ToolSet> tools_in(const nlohmann::ordered_json& names);

/// Whether a part of a question or an answer names a picture.
[[nodiscard]] bool names_image(const nlohmann::ordered_json& part);

/// Reads one item from its JSON and its number, from 0; may throw the JSON library's exceptions.
using ItemReader = std::function<Result<Item>(const nlohmann::ordered_json&, std::size_t number)>;

/// The items of a JSON list or of JSON lines. Ids are made fit for file names. Errors: kNotFound; kUnreadable naming
/// the file and the item, for an id that occurs twice too.
[[nodiscard]] Result<std::vector<Item>> read_items(const std::filesystem::path& file, const ItemReader& reader);

/// The picture that an item names: a data URI, a path from `folder` on, or COLLECTION/PATH. One that is nowhere keeps
/// its path from `folder` on: what needs it fails then, by name. Errors: kUnreadable for a data URI that is none.
[[nodiscard]] Result<InputImage> find_image(const std::string& name, const std::filesystem::path& folder,
                                            const ItemPlace& place);

}  // namespace llmi::eval
