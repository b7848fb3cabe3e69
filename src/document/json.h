#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "document/document.h"

namespace llmi::document {

/// document.json: the contract of the run folder, keys in a fixed order, two spaces of indent, a final newline.
[[nodiscard]] std::string to_json(const Document& document);

/// Reads what to_json wrote. Errors: kUnreadable, naming the key.
[[nodiscard]] Result<Document> from_json(std::string_view json);

/// The JSON object of a provenance alone (for `llmi tool --json`).
[[nodiscard]] std::string provenance_json(const Provenance& provenance);

}  // namespace llmi::document
