// llmi-picture: decodes one foreign picture, or edits one of ours, inside limits. Reads a request on standard input and
// writes a reply on standard output (image/worker_protocol.h); not meant to be started by hand.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vips/vips8>

#include "confine.h"
#include "encode.h"
#include "image/header.h"
#include "image/worker_protocol.h"
#include "load.h"
#include "operations.h"
#include "signature.h"

namespace llmi::picture {
namespace {

using image::Picture;
using image::WorkerRequest;

std::string read_all() {
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  ssize_t count = 0;
  while ((count = ::read(STDIN_FILENO, buffer.data(), buffer.size())) > 0)
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  return bytes;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// The library's reason on one line, short enough for a message.
std::string reason(const char* what) {
  std::string text(what);
  if (const std::size_t end = text.find('\n'); end != std::string::npos) text.resize(end);
  constexpr std::size_t kLongest = 160;
  if (text.size() > kLongest) text.resize(kLongest);
  return text;
}

Result<Picture> work(const WorkerRequest& request, const image::Header& header) {
  try {
    const vips::VImage image = load(request.bytes, header, request.limits);
    if (request.task == WorkerRequest::Task::kDecode) return encode(image);
    if (request.task == WorkerRequest::Task::kSignature) return signature(image);
    if (request.task == WorkerRequest::Task::kJpeg) return encode_jpeg(image);
    LLMI_TRY(const tools::edit::Program program, tools::edit::read_program(request.program));
    // Marks are drawn as SVG of our own.
    allow_only(image::Kind::kSvg);
    return encode(run_program(program, image.copy_memory()));
  } catch (const BadEdit& error) {
    return invalid_argument(error.what());
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                "the " + std::string(name(header.kind)) + " picture cannot be decoded: " + reason(error.what()));
  }
}

Result<Picture> serve(std::string_view message) {
  LLMI_TRY(const WorkerRequest request, image::decode_request(message));
  LLMI_TRY(const image::Header header, image::check_header(request.bytes, request.limits));
  const bool draws_text = header.kind == image::Kind::kSvg || request.task == WorkerRequest::Task::kOperate;
  LLMI_CHECK_OK(confine(draws_text ? Files::kFonts : Files::kNone));
  allow_only(header.kind);
  return work(request, header);
}

int run(const char* program) {
  set_limits();
  if (VIPS_INIT(program) != 0) return 1;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  const std::string message = read_all();
  const std::string reply = encode(serve(message));
  // Leaving at once skips the libraries' clean-up, which may want calls that are no longer ours.
  std::fflush(nullptr);
  ::_exit(write_all(reply) ? 0 : 1);
}

}  // namespace
}  // namespace llmi::picture

int main(int, char** argv) { return llmi::picture::run(argv[0]); }
