#include "recognise.h"

#include <algorithm>
#include <array>

namespace llmi::picture {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view begin;
  std::string_view loader;
};

constexpr std::array kMagics{
    Magic{"\x89PNG\r\n\x1a\n"sv, "VipsForeignLoadPngBuffer"}, Magic{"\xFF\xD8\xFF"sv, "VipsForeignLoadJpegBuffer"},
    Magic{"GIF87a"sv, "VipsForeignLoadNsgifBuffer"},          Magic{"GIF89a"sv, "VipsForeignLoadNsgifBuffer"},
    Magic{"II*\0"sv, "VipsForeignLoadTiffBuffer"},            Magic{"MM\0*"sv, "VipsForeignLoadTiffBuffer"},
};

constexpr std::string_view kSvgLoader = "VipsForeignLoadSvgBuffer";

bool is_svg(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4096);
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && head[first] == '<' && head.find("<svg") != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

/// Whether every `mark` in the text is followed by a reference into the document itself ("#id").
bool only_internal(std::string_view text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const std::size_t value = text.find_first_not_of(" \t\r\n='\"", at + mark.size());
    if (value == std::string_view::npos || text[value] != '#') return false;
  }
  return true;
}

}  // namespace

std::string_view loader_for(std::string_view bytes) {
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.begin)) return magic.loader;
  }
  if (bytes.starts_with("RIFF") && bytes.substr(8).starts_with("WEBP")) return "VipsForeignLoadWebpBuffer";
  return is_svg(bytes) ? kSvgLoader : std::string_view{};
}

std::string foreign_parts(std::string_view svg) {
  const std::string text = lower(svg);
  for (const std::string_view part : {"<!doctype"sv, "<!entity"sv, "<?xml-stylesheet"sv, "<script"sv, "<foreignobject"sv, "@import"sv, "xml:base"sv, "xinclude"sv, "<image"sv}) {
    if (text.find(part) != std::string::npos) return "the SVG holds " + std::string(part) + ", which is not read";
  }
  if (!only_internal(text, "href")) return "the SVG refers to something outside itself";
  if (!only_internal(text, "url(")) return "the SVG refers to something outside itself";
  return "";
}

}  // namespace llmi::picture
