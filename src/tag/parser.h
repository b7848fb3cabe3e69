#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "tag/tag.h"

namespace llmi::tag {

/// Reads an answer piece by piece and finds its tags (docs/formats/tag.md has the rules). Any split of the same bytes
/// into pieces gives the same items but for the cuts between neighbouring TextItems. Memory is bounded by the longest
/// allowed tag body (256 KiB) plus a line. Not thread-safe.
class Parser {
 public:
  using Sink = std::function<void(Item)>;

  /// `input_pictures`: how many indices come before the first tag's. `sink` is called from feed() and finish(), in
  /// order of position; a tag is handed on by the very call whose bytes complete it, unless the Markdown context (an
  /// open fence that may hold nothing but tags) has to be awaited.
  Parser(std::size_t input_pictures, Sink sink);
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  ~Parser();

  void feed(std::string_view bytes);
  /// The text ends here. Call once, last.
  void finish();

  /// How many bytes have been looked at so far, each time counted: at most a small multiple of the input, whatever the
  /// input and however it is split.
  [[nodiscard]] std::size_t work() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

/// The whole of `answer` at once, neighbouring text joined.
[[nodiscard]] std::vector<Item> parse(std::string_view answer, std::size_t input_pictures = 0);

/// Reads one tag body as found between the marks (for repairs): the tag, or the fault.
[[nodiscard]] std::variant<Tag, Fault> read_body(std::string_view body, std::size_t index,
                                                 std::vector<std::string>* recovered = nullptr);

}  // namespace llmi::tag
