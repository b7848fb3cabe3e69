#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/run_context.h"
#include "net/network.h"

namespace llmi::hub {

/// The address of a file of a repository: "https://huggingface.co/OWNER/NAME/resolve/main/FILE".
[[nodiscard]] std::string file_url(std::string_view hub, std::string_view repository, std::string_view file);

/// What the hub says of a file before it is fetched.
struct RemoteFile {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< Of large files, from the hub; empty: it does not say.
};

struct Download {
  std::string url;
  std::string token;             ///< Empty: none is sent. It goes to the hub only, not to where that redirects.
  std::filesystem::path target;  ///< Made whole or not at all; what has come so far lies beside it as "….part".
  std::function<void(std::uint64_t have, std::uint64_t all)> progress;  ///< Called often; may be empty.
};

/// Errors: kRefused (no such file; a token is needed or the licence has to be accepted), kUnavailable.
[[nodiscard]] Result<RemoteFile> inquire(const RunContext& context, net::Network& network, const Download& download);

/// Fetches a large file: goes on where an earlier try ended, again after breaks as long as something comes, and checks
/// the disk's space before and the SHA-256 after. Two at once for the same target: the second is refused. Errors: as
/// inquire; kResourceExhausted (disk), kUnreadable (the SHA-256 is another: what came is removed), kCancelled.
[[nodiscard]] Result<RemoteFile> fetch(const RunContext& context, net::Network& network, const Download& download);

}  // namespace llmi::hub
