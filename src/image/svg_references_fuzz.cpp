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
  const auto has = [&](const char* part) { return text.find(part) != std::string::npos; };
  if (has("<!--") || has("<![cdata[")) return 0;
  for (const char* part :
       {"<script", "<!doctype", "<!entity", "<image", "<foreignobject", "<xi:include", "<?xml-stylesheet"}) {
    if (has(part)) std::abort();
  }
  return 0;
}
