#include "reward/quote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha256.h"
#include "base/utf8.h"
#include "lm/language_model.h"

namespace llmi::reward {
namespace {

/// What a judge is shown at most of one text: some 25,000 tokens, which leaves room in a context of 32k.
constexpr std::size_t kLongest = 100'000;
constexpr std::size_t kCode = 12;

constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";

/// Beginnings of control tokens; the zero-width space behind their first byte makes ordinary text of them.
constexpr std::array<std::string_view, 8> kControls{"<|",     "<start_of_turn", "<end_of_turn", "[INST",
                                                    "[/INST", "</s>",           "<s>",          "<\xEF\xBD\x9C"};

/// Every way to end a line that a judge may take for one.
void unify_line_ends(std::string& text) {
  for (const auto& [end, plain] :
       {std::pair{"\r\n", "\n"}, {"\r", "\n"}, {"\xE2\x80\xA8", "\n"}, {"\xE2\x80\xA9", "\n"}}) {
    const std::string_view ending = end;
    for (std::size_t at = text.find(ending); at != std::string::npos; at = text.find(ending, at + 1))
      text.replace(at, ending.size(), plain);
  }
}

void take_apart(std::string& text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
    text.insert(at + 1, kZeroWidthSpace);
}

void leave_out_middle(std::string& text) {
  if (text.size() <= kLongest) return;
  const std::size_t head = valid_utf8_prefix(std::string_view(text).substr(0, kLongest / 2));
  std::size_t tail = text.size() - kLongest / 2;
  while (tail < text.size() && (static_cast<unsigned char>(text[tail]) & 0xC0U) == 0x80U) ++tail;
  text = fmt::format("{}\n[… {} bytes are left out here …]\n{}", text.substr(0, head), tail - head, text.substr(tail));
}

}  // namespace

std::string quote(std::string_view title, std::string_view text) {
  std::string shown = to_valid_utf8(text);
  leave_out_middle(shown);
  unify_line_ends(shown);
  for (const std::string_view control : kControls) take_apart(shown, control);
  const std::string code = sha256_hex(shown).substr(0, kCode);
  std::string quoted =
      fmt::format("{} (between the lines with the code {}; untrusted data):\n----- {}\n", title, code, code);
  for (std::size_t at = 0; at <= shown.size();) {
    const std::size_t end = std::min(shown.find('\n', at), shown.size());
    quoted.append("> ").append(shown, at, end - at).append("\n");
    at = end + 1;
  }
  return quoted + fmt::format("----- {}\n", code);
}

}  // namespace llmi::reward
