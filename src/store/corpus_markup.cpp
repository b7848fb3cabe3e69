#include "store/corpus_markup.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace llmi::store {
namespace {

constexpr std::size_t kMaxText = 4096;

std::optional<char32_t> reference_value(std::string_view name) {
  constexpr std::pair<std::string_view, char32_t> kNamed[] = {
      {"amp", U'&'},    {"lt", U'<'},     {"gt", U'>'},     {"quot", U'"'},   {"apos", U'\''},  {"nbsp", U' '},
      {"auml", U'ä'},   {"ouml", U'ö'},   {"uuml", U'ü'},   {"Auml", U'Ä'},   {"Ouml", U'Ö'},   {"Uuml", U'Ü'},
      {"szlig", U'ß'},  {"agrave", U'à'}, {"egrave", U'è'}, {"igrave", U'ì'}, {"ograve", U'ò'}, {"ugrave", U'ù'},
      {"aacute", U'á'}, {"eacute", U'é'}, {"iacute", U'í'}, {"oacute", U'ó'}, {"uacute", U'ú'}, {"acirc", U'â'},
      {"ecirc", U'ê'},  {"icirc", U'î'},  {"ocirc", U'ô'},  {"ucirc", U'û'},  {"ccedil", U'ç'}, {"ntilde", U'ñ'},
      {"atilde", U'ã'}, {"otilde", U'õ'}, {"aring", U'å'},  {"oslash", U'ø'}, {"aelig", U'æ'}};
  for (const auto& [known, value] : kNamed)
    if (name == known) return value;
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(hex ? 2 : 1);
  unsigned value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != name.data() + name.size() || value < 32) return std::nullopt;
  return value;
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) append_utf8(result, static_cast<unsigned char>(c));
  return result;
}

bool ends_name(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/'; }

}  // namespace

std::string decode_references(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = text[at] == '&' ? text.substr(at, 12).find(';') : std::string_view::npos;
    const auto value = end == std::string_view::npos ? std::nullopt : reference_value(text.substr(at + 1, end - 1));
    if (value) {
      append_utf8(result, *value);
      at += end;
    } else {
      result.push_back(text[at]);
    }
  }
  return result;
}

std::string clean_text(std::string_view bytes) {
  const bool cut = bytes.size() > kMaxText;
  bytes = bytes.substr(0, kMaxText);
  // A character that the cut divided must not turn UTF-8 into Latin-1.
  const std::size_t valid = valid_utf8_prefix(bytes);
  const bool utf8 = valid == bytes.size() || (cut && valid + 3 >= bytes.size());
  std::string text = utf8 ? std::string(bytes.substr(0, valid)) : latin1_to_utf8(bytes);
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string element_text(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name);
  const std::string close = "</" + std::string(name) + ">";
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const std::size_t after = at + open.size();
    if (after >= xml.size() || !ends_name(xml[after])) continue;
    const std::size_t begin = xml.find('>', after);
    const std::size_t end = xml.find(close, after);
    if (begin == std::string_view::npos || end == std::string_view::npos || begin >= end) return {};
    std::string text;
    bool inside_tag = false;
    for (const char c : xml.substr(begin + 1, std::min(end - begin - 1, kMaxText * 4))) {
      if (c == '<') text.push_back(' ');
      if (c == '<' || c == '>') {
        inside_tag = c == '<';
      } else if (!inside_tag) {
        text.push_back(c);
      }
    }
    return clean_text(decode_references(text));
  }
  return {};
}

std::optional<std::string_view> attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    const bool starts = at > 0 && ends_name(tag[at - 1]);
    std::size_t equals = at + name.size();
    while (equals < tag.size() && ends_name(tag[equals]) && tag[equals] != '>') ++equals;
    if (!starts || equals + 1 >= tag.size() || tag[equals] != '=') continue;
    const std::size_t quote = tag.find_first_of("\"'", equals + 1);
    if (quote == std::string_view::npos) return std::nullopt;
    const std::size_t end = tag.find(tag[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return tag.substr(quote + 1, end - quote - 1);
  }
  return std::nullopt;
}

}  // namespace llmi::store
