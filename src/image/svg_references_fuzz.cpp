#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "image/svg_references.h"

// What passes must not hold the start of anything that reaches out, told by a plain search. Only comments and CDATA
// sections may hold such text, so inputs with those are searched for nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  if (llmi::image::svg_objection(text)) {
    // What may not even be drawn may not be handed on.
    if (!llmi::image::svg_objection(text, llmi::image::SvgUse::kHandOn)) std::abort();
    return 0;
  }
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  // A longer name is another element.
  const auto ends_name = [](unsigned char c) {
    return c < 0x80 && std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.' && c != ':';
  };
  const auto has = [&](const std::string& part) {
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      const std::size_t end = at + part.size();
      if (std::isalnum(static_cast<unsigned char>(part.back())) == 0 || end == text.size() ||
          ends_name(static_cast<unsigned char>(text[end])))
        return true;
    }
    return false;
  };
  if (has("<!--") || has("<![cdata[")) return 0;
  for (const char* part :
       {"<script", "<!entity", "<image", "<feimage", "<foreignobject", "<xi:include", "<?xml-stylesheet"}) {
    if (has(part)) std::abort();
  }
  // W3C's own document types are welcome.
  if (has("<!doctype") && !has("<!doctype svg public \"-//w3c//dtd svg ")) std::abort();
  return 0;
}
