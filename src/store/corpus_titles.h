#pragma once

#include <vector>

#include "store/corpus_scan.h"
#include "store/corpus_words.h"

namespace llmi::store {

/// Gives every picture its `name_words` and a title of its own. An embedded title that several pictures share and that
/// their file names do not bear out ("Lemon SVG theme") names the collection, not the picture: it moves to
/// `place_words`. Names of authors leave the file name ("scale_feth_arez_01" by Feth Arezki is "scale"). Pictures
/// without a title get one from their file name.
void settle_titles(std::vector<ScannedPicture>& pictures, WordReader& reader);

}  // namespace llmi::store
