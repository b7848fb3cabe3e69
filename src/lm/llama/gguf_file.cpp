#include "lm/llama/gguf_file.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <system_error>

namespace llmi::lm {

namespace fs = std::filesystem;

Result<void> check_gguf(const fs::path& path, std::string_view what) {
  std::error_code error;
  if (!fs::exists(path, error)) return not_found(fmt::format("no {} at {}", what, path.string()));
  if (!fs::is_regular_file(path, error))
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is not a regular file", path.string()));
  std::ifstream in(path, std::ios::binary);
  std::array<char, 4> magic{};
  if (!in) return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("cannot open {}", path.string()));
  in.read(magic.data(), magic.size());
  if (std::string_view(magic.data(), static_cast<std::size_t>(in.gcount())) != "GGUF")
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("{} is not a GGUF file; a {} must be in GGUF form", path.string(), what));
  return {};
}

std::unexpected<Error> gguf_error(const fs::path& path, std::string_view what, const BackendLog& log) {
  const std::string reason = log.reason();
  std::string_view remedy = "it may be damaged: compare its checksum with the publisher's and fetch it again";
  if (reason.find("unknown model architecture") != std::string::npos)
    remedy = "this version of llama.cpp does not know the model's architecture: choose another model";
  if (reason.find("not within the file bounds") != std::string::npos) remedy = "the file is incomplete: fetch it again";
  auto error = fail(ErrorCode::kUnreadable, Origin::kCaller,
                    fmt::format("cannot load the {} {} ({}); {}", what, path.string(),
                                reason.empty() ? "no reason given" : reason, remedy));
  error.error().context = log.lines();
  return error;
}

}  // namespace llmi::lm
