#include "tools/search/online/plain_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace llmi::tools::online {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kReferences{{{"amp", "&"},
                                                                                     {"lt", "<"},
                                                                                     {"gt", ">"},
                                                                                     {"quot", "\""},
                                                                                     {"apos", "'"},
                                                                                     {"nbsp", " "},
                                                                                     {"copy", "©"},
                                                                                     {"ndash", "–"},
                                                                                     {"mdash", "—"},
                                                                                     {"hellip", "…"},
                                                                                     {"auml", "ä"},
                                                                                     {"eacute", "é"}}};
constexpr std::uint32_t kNoCharacter = 0xFFFD;
constexpr std::size_t kLongestReference = 12;

/// Resolves the reference that begins `text` (at '&'); 0 when there is none, else its length.
std::size_t resolve(std::string_view text, std::string& out) {
  const std::size_t end = text.substr(0, kLongestReference).find(';');
  if (end == std::string_view::npos) return 0;
  std::string_view name = text.substr(1, end - 1);
  if (name.starts_with('#')) {
    name.remove_prefix(1);
    const bool hex = name.starts_with('x') || name.starts_with('X');
    if (hex) name.remove_prefix(1);
    std::uint32_t code = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10).ec != std::errc{}) return 0;
    append_utf8(out, static_cast<char32_t>(code == 0 ? kNoCharacter : code));
    return end + 1;
  }
  const auto* found = std::ranges::find(kReferences, name, &std::pair<std::string_view, std::string_view>::first);
  if (found == kReferences.end()) return 0;
  out += found->second;
  return end + 1;
}

/// The length of the element that begins `html`, where its content is no text; else of the tag alone.
std::size_t skipped(std::string_view html) {
  for (const std::string_view name : {"script", "style"}) {
    if (!html.substr(1).starts_with(name)) continue;
    const std::size_t end = html.find("</" + std::string(name));
    const std::size_t close = html.find('>', std::min(end, html.size()));
    return close == std::string_view::npos ? html.size() : close + 1;
  }
  const std::size_t close = html.find('>');
  return close == std::string_view::npos ? html.size() : close + 1;
}

std::string single_spaced(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space) result.push_back(c);
    if (space && !result.empty() && result.back() != ' ') result.push_back(' ');
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

}  // namespace

std::string plain_text(std::string_view html) {
  std::string text;
  for (std::size_t at = 0; at < html.size();) {
    const bool tag =
        html[at] == '<' && at + 1 < html.size() &&
        (std::isalpha(static_cast<unsigned char>(html[at + 1])) != 0 || html[at + 1] == '/' || html[at + 1] == '!');
    const std::size_t length = tag ? skipped(html.substr(at)) : html[at] == '&' ? resolve(html.substr(at), text) : 0;
    if (tag) text += ' ';
    if (length == 0) text += html[at];
    at += std::max<std::size_t>(length, 1);
  }
  return single_spaced(text);
}

}  // namespace llmi::tools::online
