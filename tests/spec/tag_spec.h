#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tag/parser.h"

namespace llmi::tag {

/// One case of a spec file: an answer and the items it has to give, one a line.
struct SpecCase {
  std::string name;
  std::size_t line = 0;  ///< Of the spec file.
  std::size_t images = 0;
  std::string input;
  std::vector<std::string> expected;
};

/// Cases of a text file: `=== name`, optionally followed by `images=N` and `escaped` (the input has \n, \r, \t, \\, \xHH
/// and \s for a space), the input, a line `----`, the expected items up to the next case. Lines that begin with `##`
/// before the first case and after expected items are remarks. The input ends before the line end in front of `----`.
/// `$TAG` stands for a valid tag in the input, and for the same as a part of text in what is expected.
[[nodiscard]] std::vector<SpecCase> read_spec(const std::string& text);

/// Cases inside a Markdown page: blocks from `~~~~ spec …` to `~~~~`, with the same options, input, `----`, items.
[[nodiscard]] std::vector<SpecCase> read_page(const std::string& text);

/// Items as spec lines: `@0-5 text "Hello"`, `@5-90 tag 0 search "title" {"query": "x"} [python]`,
/// `@5-90 fault 0 parse "message"`.
[[nodiscard]] std::vector<std::string> print_items(const std::vector<Item>& items);

/// Whether a printed item is what a case expects. An expectation may leave out the offsets, and a fault's message may be
/// left out or be a part of it.
[[nodiscard]] bool fits(std::string_view printed, std::string_view expected);

/// All items when the answer comes in pieces of `piece` bytes, neighbouring text joined.
[[nodiscard]] std::vector<Item> parse_in_pieces(std::string_view answer, std::size_t images, std::size_t piece);

}  // namespace llmi::tag
