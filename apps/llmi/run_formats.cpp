#include "run_formats.h"

namespace llmi::app {

std::vector<std::string> formats_of(const std::filesystem::path& run) {
  const std::vector<std::string> all{"html", "md", "json"};
  std::vector<std::string> found;
  std::error_code error;
  for (const std::string& format : all) {
    if (std::filesystem::exists(run / ("document." + format), error)) found.push_back(format);
  }
  return found.empty() ? all : found;
}

}  // namespace llmi::app
