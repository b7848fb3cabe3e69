#include <fmt/format.h>

#include <array>

#include "base/file.h"
#include "document/json.h"
#include "render/export.h"
#include "render/render.h"

namespace llmi::render {
namespace {

using Writer = Result<std::string> (*)(const document::Document&, const Assets&);

/// One row an output format.
struct Format {
  std::string_view name;  ///< Also the file's ending.
  Writer write;
  bool exported = false;  ///< Made of the HTML page by another program.
};

template <const char* Name>
Result<std::string> exported(const document::Document& document, const Assets& assets) {
  LLMI_TRY(const std::string html, to_html(document, assets));
  return export_page(Name, html);
}

constexpr char kPdf[] = "pdf";
constexpr char kDocx[] = "docx";
constexpr char kPptx[] = "pptx";
constexpr char kEpub[] = "epub";
constexpr char kOdt[] = "odt";

constexpr std::array kFormats{
    Format{"html", to_html},
    Format{"md", [](const document::Document& d, const Assets&) -> Result<std::string> { return to_markdown(d); }},
    Format{"json",
           [](const document::Document& d, const Assets&) -> Result<std::string> { return document::to_json(d); }},
    Format{kPdf, exported<kPdf>, true},
    Format{kDocx, exported<kDocx>, true},
    Format{kPptx, exported<kPptx>, true},
    Format{kEpub, exported<kEpub>, true},
    Format{kOdt, exported<kOdt>, true},
};

const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

Result<void> write_one(const Format& format, const document::Document& document, const std::filesystem::path& folder) {
  const Assets assets = [&](std::string_view file) { return read_file(folder / file); };
  LLMI_TRY(const std::string content, format.write(document, assets));
  return write_file(folder / fmt::format("document.{}", format.name), content);
}

}  // namespace

std::vector<std::string> known_formats() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

Result<void> check_formats(const std::vector<std::string>& formats) {
  for (const std::string& name : formats) {
    const Format* format = find_format(name);
    if (format == nullptr)
      return invalid_argument(
          fmt::format("--format: \"{}\" is not known; known formats: {}", name, fmt::join(known_formats(), ", ")));
    if (format->exported) LLMI_CHECK_OK(check_export(name));
  }
  return {};
}

Result<void> write_outputs(const document::Document& document, const std::filesystem::path& folder,
                           const std::vector<std::string>& formats) {
  LLMI_CHECK_OK(check_formats(formats));
  // document.json is the run's record, whatever else is asked for.
  LLMI_CHECK_OK(write_one(*find_format("json"), document, folder));
  for (const std::string& name : formats) {
    if (name != "json") LLMI_CHECK_OK(write_one(*find_format(name), document, folder));
  }
  return {};
}

}  // namespace llmi::render
