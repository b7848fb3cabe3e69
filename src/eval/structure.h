#pragma once

#include <string>
#include <string_view>

#include "document/document.h"

namespace llmi::eval {

/// A document's row of blocks, a letter each: 't' for text, 'i' for a picture. Neighbouring texts are one, blank texts
/// and pictures that did not come are none.
[[nodiscard]] std::string structure_of(const document::Document& document);

/// How alike two rows are, in [0, 1]: 1 - (least number of blocks to insert, remove or exchange) / (blocks of the
/// longer row). 1 for two empty rows.
[[nodiscard]] double structure_likeness(std::string_view one, std::string_view other);

}  // namespace llmi::eval
