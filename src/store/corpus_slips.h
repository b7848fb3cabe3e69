#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llmi::store {

class Vocabulary;

/// Whether one slip of the finger makes one word of the other: a letter too many, too few or wrong, or two neighbours
/// swapped. Letters are bytes: a word of Latin letters without diacritics has no others.
[[nodiscard]] bool one_slip_apart(std::string_view a, std::string_view b);

/// The word of the indexes that `word`, which they do not hold, was most likely meant to be; nothing when there is none
/// or several are as likely. Short words are too close to each other to tell. Swapped and doubled letters are more
/// likely than wrong ones, then the word of more pictures is. `may_be_name`: only swapped and doubled letters are
/// corrected, since names differ from words by a letter ("Monet").
[[nodiscard]] std::optional<std::string> without_slip(std::string_view word, bool may_be_name, Vocabulary& vocabulary);

}  // namespace llmi::store
