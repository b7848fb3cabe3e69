#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "tag/literal.h"
#include "tag/literal_scan.h"
#include "tag/loose_literal.h"
#include "tag/parser.h"

// Oracles: what reads as a literal scans as whole; a body is read as a tag only if its print says the same; error places
// lie inside the body.

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace llmi::tag;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  std::string text = llmi::to_valid_utf8(body);
  std::erase(text, '\0');
  LiteralScan scan;
  for (const char c : text) scan.step(c);
  const auto literal = read_literal(text);
  check(!literal || scan.whole());
  check(literal || literal.error().at <= text.size());
  (void)read_loose_literal(text);
  const auto read = read_body(body, 3);
  if (const auto* tag = std::get_if<Tag>(&read)) {
    const auto again = parse(print(*tag), 3);
    check(again.size() == 1 && std::get<TagItem>(again[0]).tag == *tag);
  }
  return 0;
}
