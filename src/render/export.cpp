#include "render/export.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "render/office_source.h"
#include "render/page_source.h"
#include "render/pdf_source.h"
#include "render/slides_source.h"

namespace llmi::render {
namespace {

// Debian's, by name: another Python on the PATH may lack the packages.
constexpr const char* kPython = "/usr/bin/python3";
constexpr std::chrono::minutes kTimeLimit{3};
constexpr std::size_t kLargestFile = std::size_t{512} << 20;

/// One row an exported format: the programs it needs and the scripts that make it.
struct Exporter {
  std::string_view format;
  const char* program;
  const char* package;
  std::array<std::string_view, 3> scripts;
  const char* argument;  ///< For office.py; null: none.
};

constexpr std::array kExporters{
    Exporter{"pdf", "/usr/bin/weasyprint", "weasyprint", {kPageSource, kPdfSource}, nullptr},
    Exporter{"docx", "/usr/bin/pandoc", "pandoc", {kPageSource, kOfficeSource}, "docx"},
    Exporter{"odt", "/usr/bin/pandoc", "pandoc", {kPageSource, kOfficeSource}, "odt"},
    Exporter{"epub", "/usr/bin/pandoc", "pandoc", {kPageSource, kOfficeSource}, "epub"},
    Exporter{"pptx", "/usr/bin/pandoc", "pandoc", {kPageSource, kOfficeSource, kSlidesSource}, nullptr},
};

// Both formats read the page with the same library.
constexpr const char* kPageReader = "/usr/lib/python3/dist-packages/html5lib";

const Exporter& exporter_of(std::string_view format) {
  for (const Exporter& exporter : kExporters) {
    if (exporter.format == format) return exporter;
  }
  throw std::logic_error("no exported format");
}

}  // namespace

Result<void> check_export(std::string_view format) {
  const Exporter& exporter = exporter_of(format);
  const auto missing = [&](const char* package) {
    return fail(ErrorCode::kUnavailable, Origin::kTool,
                fmt::format("--format {} needs {}: apt-get install {}", format, package, package));
  };
  if (::access(exporter.program, X_OK) != 0) return missing(exporter.package);
  if (::access(kPageReader, R_OK) != 0) return missing("python3-html5lib");
  return {};
}

Result<std::string> export_page(std::string_view format, std::string_view html) {
  LLMI_CHECK_OK(check_export(format));
  const Exporter& exporter = exporter_of(format);
  std::string program;
  for (const std::string_view script : exporter.scripts) program += script;
  ChildSpec child{
      .argv = {kPython, "-I", "-B", "-c", std::move(program)},
      .environment = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=/nonexistent", "SOURCE_DATE_EPOCH=946684800"}};
  if (exporter.argument != nullptr) child.argv.emplace_back(exporter.argument);
  LLMI_TRY(ChildResult result, run_child({.deadline = Deadline::after(kTimeLimit)}, child, html, kLargestFile));
  if (result.timed_out)
    return fail(ErrorCode::kTimeout, Origin::kTool, fmt::format("making the {} file took more than 3 minutes", format));
  if (result.exit_code != 0 || result.out.empty()) {
    const std::string_view said =
        std::string_view(result.err).substr(result.err.size() > 400 ? result.err.size() - 400 : 0);
    return fail(ErrorCode::kUnavailable, Origin::kTool, fmt::format("the {} file could not be made: {}", format, said));
  }
  return std::move(result.out);
}

}  // namespace llmi::render
