#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "tag/literal.h"
#include "tag/literal_scan.h"
#include "tag/parser.h"

namespace llmi::tag {
namespace {

/// Everything that means something to the parser, in pieces that make meeting likely.
const std::vector<std::string> kPieces{
    "<imgen>",
    "</imgen>",
    "<imgen>{",
    R"(<imgen>{"source": "search", "description": "d", "params": {"query": "q"}}</imgen>)",
    R"(<imgen>{'source': 'code', 'description': '', 'params': {'code': 'p('x')'}}</imgen>)",
    R"(<imgen>{"source": "edit", "description": "", "params": {"img_index": 0, "prompt": "p"}}</imgen>)",
    "<think>",
    "</think>",
    "```",
    "\n```\n",
    "\n~~~ x\n",
    "~~~~",
    "`",
    "``",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "> ",
    "- ",
    "1. ",
    "2) ",
    "    ",
    "\t",
    " ",
    "# ",
    "---",
    "===",
    "* * *",
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "{",
    "}",
    "[",
    ",",
    ":",
    "r'",
    "</im",
    "<imge",
    "<thi",
    "word",
    "</imgen>\n",
    "\xC3\xA9",
    "\xE4\xB8\xAD",
    "\xF0\x9F\x98\x80",
    "\xE4\xB8",
    "\xFF",
    std::string(1, '\0')};

rc::Gen<std::string> answers() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces)),
                      [](const std::vector<std::string>& pieces) {
                        std::string all;
                        for (const auto& piece : pieces) all += piece;
                        return all;
                      });
}

std::vector<Item> parse_pieces(std::string_view answer, const std::vector<std::size_t>& sizes) {
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
  std::size_t at = 0;
  for (std::size_t i = 0; at < answer.size(); ++i) {
    const std::size_t size = sizes.empty() ? 1 : sizes[i % sizes.size()] % 9 + (sizes.size() == 1 ? 1 : 0);
    parser.feed(answer.substr(at, std::max<std::size_t>(size, 1)));
    at += std::max<std::size_t>(size, 1);
  }
  parser.finish();
  return items;
}

std::pair<std::size_t, std::size_t> place(const Item& item) {
  return std::visit([](const auto& it) { return std::pair(it.begin, it.end); }, item);
}

RC_GTEST_PROP(ParserProperty, AnySplitGivesTheSameItems, ()) {
  const std::string answer = *answers();
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 9));
  const auto whole = parse(answer, 1);
  RC_ASSERT(parse_pieces(answer, sizes) == whole);
  RC_ASSERT(parse_pieces(answer, {}) == whole);
}

/// A thought, the opening or closing line of a fence, or white space inside one.
bool may_be_removed(std::string_view gap) {
  if (gap.find("<think>") != std::string_view::npos) return true;
  if (gap.find('<') != std::string_view::npos) return false;
  gap.remove_prefix(std::min(gap.find_first_not_of(" \t\r\n>"), gap.size()));
  return gap.empty() || gap.starts_with("```") || gap.starts_with("~~~");
}

RC_GTEST_PROP(ParserProperty, ItemsLieInOrderAndEveryByteOutsideIsOfAThoughtOrAFence, ()) {
  const std::string answer = *answers();
  std::size_t at = 0;
  std::size_t index = 1;
  for (const Item& item : parse(answer, 1)) {
    const auto [begin, end] = place(item);
    RC_ASSERT(begin >= at);
    RC_ASSERT(end > begin);
    RC_ASSERT(end <= answer.size());
    RC_ASSERT(may_be_removed(std::string_view(answer).substr(at, begin - at)));
    at = end;
    if (const auto* text = std::get_if<TextItem>(&item)) {
      RC_ASSERT(text->text == to_valid_utf8(answer.substr(begin, end - begin)));
    } else {
      RC_ASSERT(answer.substr(begin, 7) == "<imgen>");
      RC_ASSERT(std::visit(
                    [](const auto& it) -> std::size_t {
                      if constexpr (requires { it.index; }) return it.index;
                      return 0;
                    },
                    item) == index++);
    }
  }
}

RC_GTEST_PROP(ParserProperty, TheWorkIsASmallMultipleOfTheInput, ()) {
  const std::string unit = *answers();
  std::string answer;
  while (answer.size() < 20'000 && !unit.empty()) answer += unit;
  Parser parser(1, [](const Item&) {});
  parser.feed(answer);
  parser.finish();
  RC_ASSERT(parser.work() <= 30 * answer.size() + 1000);
}

rc::Gen<std::string> texts() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces)),
                      [](const std::vector<std::string>& pieces) {
                        std::string all = "x";
                        for (const auto& piece : pieces) all += piece;
                        std::erase(all, '\0');
                        return to_valid_utf8(all);
                      });
}

rc::Gen<Tag> tags() {
  return rc::gen::exec([] {
    const std::string text = *texts();
    Params params = SearchParams{text};
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        break;
      case 1:
        params = DiffusionParams{text};
        break;
      case 2:
        params = CodeParams{text};
        break;
      default:
        params = EditParams{*rc::gen::inRange<std::size_t>(0, 7), text};
    }
    return Tag{*texts(), std::move(params)};
  });
}

RC_GTEST_PROP(ParserProperty, WhatIsPrintedIsReadAgain, ()) {
  const Tag tag = *tags();
  const std::string printed = print(tag);
  const auto items = parse("a\n" + printed + "\nb", 7);
  RC_ASSERT(items.size() == 3U);
  const auto* item = std::get_if<TagItem>(&items[1]);
  RC_ASSERT(item != nullptr);
  RC_ASSERT(item->tag == tag);
  RC_ASSERT(item->recovered.empty());
  RC_ASSERT(item->end == 2 + printed.size());
}

RC_GTEST_PROP(ParserProperty, WhatReadsAsALiteralScansAsWhole, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
      "\"a\"", "'b'", "'''c'''", "r'd'", "u\"e\"", "\"\"",    "''",         ":",        ", ",     " ",   "{", "}", "[",
      "]",     "1",   "-2.5e3",  "true", "None",   "\"a\": ", "\"a\": 1, ", "\"\\\"\"", "'\\\\'", "tru", "r"}));
  std::string body = "{";
  for (const auto& piece : pieces) body += piece;
  body += '}';
  LiteralScan scan;
  for (const char c : body) scan.step(c);
  if (read_literal(body)) RC_ASSERT(scan.whole());
}

}  // namespace
}  // namespace llmi::tag
