#include "hub/download.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <system_error>

#include "base/pause.h"
#include "base/sha256.h"
#include "hub/part_file.h"
#include "net/server_error.h"

namespace llmi::hub {
namespace {

namespace fs = std::filesystem;

constexpr int kMostRedirects = 5;
constexpr std::chrono::seconds kLongestSilence{60};
constexpr int kTriesWithoutProgress = 5;
constexpr std::chrono::milliseconds kFirstPause{500};
// Room that a download leaves on the disk.
constexpr std::uint64_t kSpare = std::uint64_t{64} << 20;

net::HttpRequest request(const Download& download, std::string method) {
  net::HttpRequest request{.method = std::move(method), .url = download.url, .idle_timeout = kLongestSilence};
  if (!download.token.empty()) request.secret_headers = {{"Authorization", "Bearer " + download.token}};
  return request;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// An ETag of a large file is its SHA-256, in quotes.
std::string sha256_of(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  while (etag.starts_with('"')) etag.remove_prefix(1);
  while (etag.ends_with('"')) etag.remove_suffix(1);
  const bool hex =
      etag.size() == 64 && std::ranges::all_of(etag, [](unsigned char c) { return std::isxdigit(c) != 0; });
  return hex ? std::string(etag) : std::string();
}

Error refusal(const Download& download, const net::HttpResponse& response) {
  Error error = net::status_error(download.url, request(download, "GET"), response);
  if (response.status == 401 || response.status == 403)
    error.message +=
        ": this model wants a token (HF_TOKEN, or api_key_env under [models]) and perhaps its licence accepted on its "
        "page";
  return error;
}

Result<void> check_space(const fs::path& target, std::uint64_t needed) {
  std::error_code error;
  const fs::space_info space = fs::space(target.parent_path(), error);
  if (error || space.available >= needed + kSpare) return {};
  return fail(ErrorCode::kResourceExhausted, Origin::kCaller,
              fmt::format("{} needs {} MB, and {} MB are free in {}", target.filename().string(), needed >> 20U,
                          space.available >> 20U, target.parent_path().string()));
}

/// One try: from what is there to the end of the file, or as far as it goes.
Result<void> fetch_rest(const RunContext& context, net::Network& network, const Download& download, PartFile& part,
                        std::uint64_t all) {
  net::HttpRequest get = request(download, "GET");
  get.max_redirects = kMostRedirects;
  get.max_bytes = std::size_t{1} << 20;
  if (part.size() > 0) {
    get.headers = {{"Range", fmt::format("bytes={}-", part.size())}};
    get.sink_status = 206;
  }
  Result<void> written;
  const auto response = network.call(context, get, {.retry = {.attempts = 1}}, [&](std::string_view bytes) {
    written = part.append(bytes);
    if (download.progress) download.progress(part.size(), all);
    return written.has_value();
  });
  LLMI_CHECK_OK(written);
  // A server that cannot go on in the middle begins anew; so do we.
  const bool whole_again = part.size() > 0 && (response ? response->status == 200 || response->status == 416
                                                        : response.error().code == ErrorCode::kResourceExhausted);
  if (whole_again && part.size() != all) return part.clear();
  if (!response) return std::unexpected(response.error());
  if (!response->ok() && part.size() != all) return std::unexpected(refusal(download, *response));
  return {};
}

Result<void> fetch_all(const RunContext& context, net::Network& network, const Download& download, PartFile& part,
                       std::uint64_t all) {
  int idle = 0;
  while (part.size() < all) {
    const std::uint64_t before = part.size();
    const auto tried = fetch_rest(context, network, download, part, all);
    LLMI_CHECK_OK(context.check());
    if (!tried && tried.error().code != ErrorCode::kUnavailable) return tried;
    if (part.size() >= all) break;
    idle = part.size() > before ? 0 : idle + 1;
    if (idle == kTriesWithoutProgress)
      return tried ? fail(ErrorCode::kUnavailable, Origin::kUpstream,
                          fmt::format("{} breaks off again and again", download.url))
                   : tried;
    LLMI_CHECK_OK(pause(context, kFirstPause * idle));
  }
  return {};
}

}  // namespace

std::string file_url(std::string_view hub, std::string_view repository, std::string_view file) {
  return net::endpoint(hub, "", fmt::format("/{}/resolve/main/{}", repository, file));
}

Result<RemoteFile> inquire(const RunContext& context, net::Network& network, const Download& download) {
  LLMI_TRY(const net::HttpResponse response, network.call(context, request(download, "HEAD")));
  const bool redirect = response.status >= 300 && response.status < 400;
  if (!response.ok() && !redirect) return std::unexpected(refusal(download, response));
  RemoteFile file{.bytes = number(response.header("x-linked-size")),
                  .sha256 = sha256_of(response.header("x-linked-etag"))};
  if (file.bytes == 0 && !redirect) file.bytes = number(response.header("content-length"));
  if (file.sha256.empty() && !redirect) file.sha256 = sha256_of(response.header("etag"));
  if (file.bytes == 0)
    return fail(ErrorCode::kUnavailable, Origin::kUpstream,
                fmt::format("{} does not say how large it is", download.url));
  return file;
}

Result<RemoteFile> fetch(const RunContext& context, net::Network& network, const Download& download) {
  LLMI_TRY(RemoteFile remote, inquire(context, network, download));
  const fs::path part_path = download.target.string() + ".part";
  LLMI_TRY(PartFile part, PartFile::open(part_path));
  if (part.size() > remote.bytes) LLMI_CHECK_OK(part.clear());
  LLMI_CHECK_OK(check_space(download.target, remote.bytes - part.size()));
  LLMI_CHECK_OK(fetch_all(context, network, download, part, remote.bytes));
  LLMI_CHECK_OK(part.sync());
  std::error_code error;
  if (!remote.sha256.empty()) {
    LLMI_TRY(const std::string sum, sha256_file(part_path));
    if (sum != remote.sha256 || part.size() != remote.bytes) {
      fs::remove(part_path, error);
      return fail(
          ErrorCode::kUnreadable, Origin::kUpstream,
          fmt::format("the SHA-256 of {} is not the one that the hub states; what came was removed: fetch it again",
                      download.target.filename().string()));
    }
  }
  fs::rename(part_path, download.target, error);
  if (error) return internal_error(fmt::format("{}: {}", download.target.string(), error.message()));
  return remote;
}

}  // namespace llmi::hub
