#include "run_formats.h"

#include <algorithm>
#include <system_error>

#include "render/render.h"

namespace llmi::app {

std::vector<std::string> formats_of(const document::RunStarted& started, const std::filesystem::path& run) {
  std::vector<std::string> found;
  std::error_code error;
  for (const std::string& format : render::known_formats()) {
    const bool asked = std::ranges::find(started.formats, format) != started.formats.end();
    if (asked || std::filesystem::exists(run / ("document." + format), error)) found.push_back(format);
  }
  return found.empty() ? std::vector<std::string>{"html", "md", "json"} : found;
}

}  // namespace llmi::app
