#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "document/document.h"

namespace llmi::render {

/// Bytes of a file of the run ("figures/01-….png").
using Assets = std::function<Result<std::string>(std::string_view file)>;

/// One self-contained HTML page: pictures inside, no script, no network. Text from the model is data: no raw HTML, only
/// http, https, mailto and # links.
[[nodiscard]] Result<std::string> to_html(const document::Document& document, const Assets& assets);

/// Markdown that refers to the files of the run folder.
[[nodiscard]] std::string to_markdown(const document::Document& document);

/// The names of all output formats, which are their files' endings too.
[[nodiscard]] std::vector<std::string> known_formats();

/// Ok when every format is known and can be made here. Errors: kInvalidArgument naming the unknown one and the known
/// ones, kUnavailable naming the package that is missing.
[[nodiscard]] Result<void> check_formats(const std::vector<std::string>& formats);

/// Writes the asked-for formats of a document into its run folder. Errors: those of check_formats and export_page.
[[nodiscard]] Result<void> write_outputs(const document::Document& document, const std::filesystem::path& folder,
                                         const std::vector<std::string>& formats);

}  // namespace llmi::render
