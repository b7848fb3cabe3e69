#pragma once

#include <string>

#include "document/document.h"

namespace llmi::render {

/// "Title, by Creator, CC0-1.0" as HTML: whom a picture is owed to, in one line. Empty when there is nothing to say.
[[nodiscard]] std::string credit_line(const document::Provenance& provenance);

/// The section at the end of a page: where each picture comes from and how it was made. Pictures that are owed to the
/// same work share an entry. Empty when the document has no pictures.
[[nodiscard]] std::string credits_section(const document::Document& document);

}  // namespace llmi::render
