#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lexicon/lexicon.h"

namespace llmi::store {

/// The words for things of a kind: shoe, boot, sandal … for "footwear"; nearest kinds first. Only single words, only
/// of things that can be pictured, and only words that mean this first of all: a crane is a bird, but "crane" is
/// a machine. Of these those that are `wanted`. Looks at a few hundred kinds at most. Empty when `noun` is unknown or
/// has no kinds.
[[nodiscard]] std::vector<std::string> words_for_kinds(const lexicon::Lexicon& english, std::string_view noun,
                                                       const std::function<bool(const std::string&)>& wanted);

}  // namespace llmi::store
