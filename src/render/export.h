#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi::render {

/// Whether the programs that make `format` ("pdf", "docx", "pptx", "epub", "odt") are on this machine. Errors:
/// kUnavailable naming the Debian package.
[[nodiscard]] Result<void> check_export(std::string_view format);

/// A page of to_html in another format, made by WeasyPrint (PDF) or pandoc. Nothing is loaded besides the page: its
/// pictures are inside. The same page gives the same bytes on the same versions of these programs. Errors:
/// kUnavailable (a program is missing, or failed), kTimeout.
[[nodiscard]] Result<std::string> export_page(std::string_view format, std::string_view html);

}  // namespace llmi::render
