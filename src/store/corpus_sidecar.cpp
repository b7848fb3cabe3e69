#include "store/corpus_sidecar.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "store/corpus_markup.h"
#include "store/corpus_words.h"

namespace llmi::store {
namespace {

constexpr std::size_t kLongestTitle = 160;

void add_translation(Sidecar& sidecar, std::size_t language, std::string_view text) {
  const auto found = std::ranges::find(sidecar.translations, language, [](const auto& entry) { return entry.first; });
  if (found == sidecar.translations.end()) {
    sidecar.translations.emplace_back(language, text);
  } else {
    found->second.append("\n").append(text);
  }
}

/// The locale of a line like "pt_BR.utf8=Um elefante."; empty for other lines.
std::string_view locale_of(std::string_view line) {
  const std::size_t end = line.find(".utf8=");
  if (end == std::string_view::npos || end < 2 || end > 20) return {};
  const std::string_view locale = line.substr(0, end);
  const bool fits =
      std::ranges::all_of(locale, [](unsigned char c) { return std::isalpha(c) != 0 || c == '_' || c == '@'; });
  return fits ? locale : std::string_view{};
}

void append_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text.push_back('\n');
  text.append(line);
}

std::string text_of(const nlohmann::json& value) {
  if (value.is_string()) return clean_text(value.get_ref<const std::string&>());
  if (!value.is_array()) return {};
  std::string joined;
  for (const auto& item : value)
    if (item.is_string()) joined += (joined.empty() ? "" : ", ") + item.get_ref<const std::string&>();
  return clean_text(joined);
}

void take_first(std::string& slot, const nlohmann::json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = object.find(name);
    if (slot.empty() && found != object.end()) slot = text_of(*found);
  }
}

}  // namespace

void add_text_sidecar(Sidecar& sidecar, std::string_view text) {
  std::string plain;
  std::string first;
  bool translated = false;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const std::string_view locale = locale_of(line); !locale.empty()) {
      translated = true;
      add_translation(sidecar, language_of_locale(locale), clean_text(line.substr(locale.size() + 6)));
    } else if (std::string cleaned = clean_text(line); first.empty() && !cleaned.empty()) {
      first = std::move(cleaned);
    } else {
      append_line(plain, cleaned);
    }
  }
  if (translated && !first.empty()) add_translation(sidecar, kEnglish, first);
  if (sidecar.title.empty() && first.size() <= kLongestTitle) {
    sidecar.title = first;
  } else {
    append_line(sidecar.description, first);
  }
  append_line(sidecar.description, plain);
}

Result<void> add_json_sidecar(Sidecar& sidecar, std::string_view text) {
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(ErrorCode::kUnreadable, Origin::kCaller, "not a JSON object");
  take_first(sidecar.title, object, {"title", "name"});
  take_first(sidecar.creator, object, {"creator", "author", "artist"});
  take_first(sidecar.licence, object, {"licence", "license"});
  take_first(sidecar.licence_url, object, {"licence_url", "license_url"});
  take_first(sidecar.page_url, object, {"page_url", "source", "url"});
  take_first(sidecar.attribution, object, {"attribution", "credit"});
  for (const char* name : {"description", "caption", "alt", "keywords", "tags"})
    if (const auto found = object.find(name); found != object.end()) append_line(sidecar.description, text_of(*found));
  return {};
}

}  // namespace llmi::store
