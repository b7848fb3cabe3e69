#include "tools/search/licence.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace llmi::tools {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

/// Letters, digits, dots and plus signs; everything else between them is one '-'.
std::string joined(std::string_view text) {
  std::string result;
  for (const char c : upper(text)) {
    const bool keep = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '+';
    if (keep) result.push_back(c);
    if (!keep && !result.empty() && result.back() != '-') result.push_back('-');
  }
  while (result.ends_with('-') || result.ends_with('.')) result.pop_back();
  return result;
}

/// "CC-BY-SA-3.0-DE" or "CREATIVECOMMONS.ORG-LICENSES-BY-SA-3.0" -> "CC-BY-SA-3.0".
std::optional<std::string> creative_commons(std::string text) {
  constexpr std::string_view kAddress = "CREATIVECOMMONS.ORG-LICENSES-";
  constexpr std::string_view kWords = "CREATIVE-COMMONS-";
  if (const std::size_t at = text.find(kAddress); at != std::string::npos)
    text = "CC-" + text.substr(at + kAddress.size());
  if (text.starts_with(kWords)) text = "CC-" + text.substr(kWords.size());
  for (const auto& [words, id] : {std::pair<std::string_view, std::string_view>{"ATTRIBUTION", "BY"},
                                  {"SHAREALIKE", "SA"},
                                  {"SHARE-ALIKE", "SA"},
                                  {"NONCOMMERCIAL", "NC"},
                                  {"NODERIVS", "ND"}})
    if (const std::size_t at = text.find(words); at != std::string::npos) text.replace(at, words.size(), id);
  if (!text.starts_with("CC-BY")) return std::nullopt;
  std::string id = "CC-BY";
  for (const std::string_view part : {"-NC", "-ND", "-SA"})
    if (text.find(part) != std::string::npos) id += part;
  const std::size_t digit = text.find_first_of("1234567890");
  if (digit == std::string::npos) return id;
  return id + "-" + text.substr(digit, text.find_first_not_of("1234567890.", digit) - digit);
}

constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"CC0", "CC0-1.0"},
    {"CC0-1.0", "CC0-1.0"},
    {"CC-0", "CC0-1.0"},
    {"CC-ZERO", "CC0-1.0"},
    {"CC0-1.0-UNIVERSAL", "CC0-1.0"},
    {"PUBLIC-DOMAIN", "PDM-1.0"},
    {"PD", "PDM-1.0"},
    {"PDM", "PDM-1.0"},
    {"PDM-1.0", "PDM-1.0"},
    {"CC-PDDC", "CC-PDDC"},
    {"CC-PD", "CC-PDDC"},
    {"GPL-2", "GPL-2.0-only"},
    {"GPL-2.0", "GPL-2.0-only"},
    {"GPL-2+", "GPL-2.0-or-later"},
    {"GPL-2.0+", "GPL-2.0-or-later"},
    {"GPL-3", "GPL-3.0-only"},
    {"GPL-3.0", "GPL-3.0-only"},
    {"GPL-3+", "GPL-3.0-or-later"},
    {"GPL-3.0+", "GPL-3.0-or-later"},
    {"GFDL", "GFDL-1.3-or-later"},
    {"APACHE-2", "Apache-2.0"},
    {"APACHE-2.0", "Apache-2.0"},
    {"MIT", "MIT"},
    {"GPL-2.0-OR-LATER", "GPL-2.0-or-later"},
    {"GPL-2.0-ONLY", "GPL-2.0-only"},
    {"GPL-3.0-OR-LATER", "GPL-3.0-or-later"},
    {"GPL-3.0-ONLY", "GPL-3.0-only"},
    {"FAL", "FAL-1.3"},
    {"FAL-1.3", "FAL-1.3"},
    {"PEXELS", "Pexels"},
    {"UNSPLASH", "Unsplash"},
};

/// Free licences that are not Creative Commons: all of them allow selling and changing.
constexpr std::array<std::string_view, 10> kFreeFamilies{"CC0-",  "PDM-",    "CC-PDDC", "GPL-", "GFDL-",
                                                         "LGPL-", "Apache-", "MIT",     "FAL-", "BSD-"};

bool is_free(std::string_view id) {
  return std::ranges::any_of(kFreeFamilies, [&](std::string_view family) { return id.starts_with(family); });
}

/// A known licence without the given restriction.
bool permits(const std::string& id, std::string_view restriction) {
  if (is_free(id)) return true;
  if (id.starts_with("CC-BY")) return id.find(restriction) == std::string::npos;
  return id == "Pexels" || id == "Unsplash";
}

}  // namespace

std::string normalise_licence(std::string_view text) {
  const std::string key = joined(text);
  if (key.find("PUBLICDOMAIN-ZERO") != std::string::npos) return "CC0-1.0";
  if (key.find("CREATIVECOMMONS.ORG-PUBLICDOMAIN-MARK") != std::string::npos) return "PDM-1.0";
  if (key.find("CREATIVECOMMONS.ORG-LICENSES-PUBLICDOMAIN") != std::string::npos) return "CC-PDDC";
  for (const auto& [name, id] : kNames)
    if (key == name) return std::string(id);
  if (const auto id = creative_commons(key)) return *id;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::string licence_url(std::string_view id) {
  constexpr std::pair<std::string_view, std::string_view> kAddresses[] = {
      {"CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
      {"PDM-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"},
      {"CC-PDDC", "https://creativecommons.org/licenses/publicdomain/"},
      {"GPL-2.0-or-later", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"},
      {"GPL-2.0-only", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"},
      {"GPL-3.0-or-later", "https://www.gnu.org/licenses/gpl-3.0.html"},
      {"GPL-3.0-only", "https://www.gnu.org/licenses/gpl-3.0.html"},
      {"Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"},
      {"FAL-1.3", "https://artlibre.org/licence/lal/en/"},
      {"Pexels", "https://www.pexels.com/license/"},
      {"Unsplash", "https://unsplash.com/license"}};
  for (const auto& [known, address] : kAddresses)
    if (id == known) return std::string(address);
  const std::size_t version = id.rfind('-');
  if (!id.starts_with("CC-BY") || version < 5 || id.find_first_of("0123456789") != version + 1) return {};
  std::string kind(id.substr(3, version - 3));
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return "https://creativecommons.org/licenses/" + kind + "/" + std::string(id.substr(version + 1)) + "/";
}

LicencePolicy::LicencePolicy(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    if (entry == "commercial") {
      commercial_ = true;
    } else if (entry == "modify") {
      modify_ = true;
    } else if (std::string id = normalise_licence(entry); !id.empty()) {
      ids_.push_back(std::move(id));
    }
  }
  std::ranges::sort(ids_);
  for (const std::string& id : ids_) text_ += (text_.empty() ? "" : ",") + id;
  if (commercial_) text_ += (text_.empty() ? "" : ",") + std::string("commercial");
  if (modify_) text_ += (text_.empty() ? "" : ",") + std::string("modify");
}

bool LicencePolicy::allows(std::string_view licence) const {
  const std::string id = normalise_licence(licence);
  if (!ids_.empty() && std::ranges::find(ids_, id) == ids_.end()) return false;
  return (!commercial_ || permits(id, "-NC")) && (!modify_ || permits(id, "-ND"));
}

}  // namespace llmi::tools
