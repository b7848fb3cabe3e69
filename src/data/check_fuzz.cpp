#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/check.h"

/// Any bytes are a data file: the check says in words and by line what is wrong, and a file without rows is never
/// usable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const llmi::data::CheckReport report = llmi::data::check(text, {.leaks = {"search", "diffusion*", "代码"}});
  for (const llmi::data::Finding& finding : report.findings)
    if (finding.message.empty() || (report.rows > 0 && finding.line == 0)) std::abort();
  if (report.rows == 0 && report.usable()) std::abort();
  return 0;
}
