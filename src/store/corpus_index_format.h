#pragma once

#include <string>

#include "store/corpus_query.h"

namespace llmi::store {

/// Changes with every change of the tables, of how words are made or of how pictures are read: older files are then
/// rewritten.
inline constexpr int kIndexFormat = 1;

[[nodiscard]] inline std::string column_name(std::size_t column) {
  switch (column) {
    case kTitle:
      return "title";
    case kName:
      return "name";
    case kPlace:
      return "place";
    case kDescription:
      return "description";
    case kOtherLanguages:
      return "other";
    default:
      return "lang_" + std::string(kLanguages[column - kFirstLanguage].code);
  }
}

}  // namespace llmi::store
