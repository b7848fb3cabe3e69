#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tag/parser.h"

// Oracles: the same items however the answer is cut; items in order inside the answer; tags print and read again; linear
// work.

namespace {

using namespace llmi::tag;

void check(bool holds) {
  if (!holds) std::abort();
}

std::vector<Item> in_pieces(std::string_view answer, std::size_t piece) {
  std::vector<Item> items;
  Parser parser(1, [&](Item item) {
    auto* text = std::get_if<TextItem>(&item);
    auto* last = items.empty() ? nullptr : std::get_if<TextItem>(&items.back());
    if (text != nullptr && last != nullptr && last->end == text->begin) {
      last->end = text->end;
      last->text += text->text;
    } else {
      items.push_back(std::move(item));
    }
  });
  for (std::size_t at = 0; at < answer.size(); at += piece) parser.feed(answer.substr(at, piece));
  parser.finish();
  check(parser.work() <= 64 * answer.size() + 4096);
  return items;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 17;
  const std::string_view answer(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto items = parse(answer, 1);
  check(items == in_pieces(answer, piece));
  std::size_t at = 0;
  for (const Item& item : items) {
    const auto [begin, end] = std::visit([](const auto& it) { return std::pair(it.begin, it.end); }, item);
    check(begin >= at && end > begin && end <= answer.size());
    at = end;
    if (const auto* tag = std::get_if<TagItem>(&item)) {
      const auto again = parse(print(tag->tag), tag->index);
      check(again.size() == 1 && std::get<TagItem>(again[0]).tag == tag->tag);
      check(std::get<TagItem>(again[0]).recovered.empty());
    }
  }
  return 0;
}
