#include "store/file_slug.h"

#include <array>
#include <cstddef>

namespace llmi::store {
namespace {

constexpr std::size_t kLongest = 40;

struct Letter {
  std::string_view marked;
  std::string_view plain;
};

constexpr std::array kLetters{
    Letter{"ä", "ae"}, Letter{"Ä", "ae"}, Letter{"ö", "oe"}, Letter{"Ö", "oe"}, Letter{"ü", "ue"}, Letter{"Ü", "ue"},
    Letter{"ß", "ss"}, Letter{"á", "a"},  Letter{"à", "a"},  Letter{"â", "a"},  Letter{"ã", "a"},  Letter{"å", "a"},
    Letter{"ç", "c"},  Letter{"é", "e"},  Letter{"è", "e"},  Letter{"ê", "e"},  Letter{"ë", "e"},  Letter{"É", "e"},
    Letter{"í", "i"},  Letter{"î", "i"},  Letter{"ï", "i"},  Letter{"ñ", "n"},  Letter{"ó", "o"},  Letter{"ô", "o"},
    Letter{"õ", "o"},  Letter{"ø", "o"},  Letter{"ú", "u"},  Letter{"û", "u"},  Letter{"ù", "u"},  Letter{"æ", "ae"},
};

/// The plain form of the letter that `text` begins with, and how many bytes it takes.
struct Plain {
  std::string_view letters;
  std::size_t bytes;
};

Plain plain(std::string_view text) {
  for (const Letter& letter : kLetters) {
    if (text.starts_with(letter.marked)) return {letter.plain, letter.marked.size()};
  }
  const char c = text.front();
  const bool keep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  return {keep ? text.substr(0, 1) : std::string_view{}, 1};
}

}  // namespace

std::string file_slug(std::string_view text, std::string_view fallback) {
  std::string slug;
  while (!text.empty() && slug.size() < kLongest) {
    const Plain next = plain(text);
    for (const char c : next.letters) slug.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    if (next.letters.empty() && !slug.empty() && slug.back() != '-') slug.push_back('-');
    text.remove_prefix(next.bytes);
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? std::string(fallback) : slug;
}

}  // namespace llmi::store
