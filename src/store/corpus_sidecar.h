#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace llmi::store {

/// What files beside a picture (picture.txt, picture.json, picture.png.txt, picture.png.json) say about it.
struct Sidecar {
  std::string title;
  std::string description;
  std::string creator;
  std::string licence;
  std::string licence_url;
  std::string page_url;
  std::string attribution;
  std::vector<std::pair<std::size_t, std::string>> translations;  ///< {index in kLanguages or its size, text}.
};

/// Adds a text file: its first line is the title; lines like "de.utf8=Ein Elefant." are translations (and make the
/// first line English); the rest describes. What `sidecar` already has stays.
void add_text_sidecar(Sidecar& sidecar, std::string_view text);

/// Adds a JSON object with any of title, description, caption, alt, keywords, tags, creator, author, licence, license,
/// licence_url, license_url, page_url, source, url, attribution. Errors: kUnreadable for anything but an object.
[[nodiscard]] Result<void> add_json_sidecar(Sidecar& sidecar, std::string_view text);

}  // namespace llmi::store
