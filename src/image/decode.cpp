#include "image/decode.h"

#include <fmt/format.h>

#include <signal.h>

#include <array>
#include <cstdio>
#include <utility>

#include "base/child_process.h"
#include "base/paths.h"

namespace llmi::image {
namespace {

constexpr std::chrono::seconds kTimeLimit{15};
constexpr std::size_t kLargestResult = std::size_t{256} << 20;

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

/// The decoder's answer begins with a line "png 640 480"; the encoded picture follows.
Result<Picture> read_answer(std::string answer) {
  const std::size_t end = answer.find('\n');
  const std::string head = answer.substr(0, end);
  std::array<char, 8> format{};
  Picture picture;
  if (end == std::string::npos || std::sscanf(head.c_str(), "%7s %d %d", format.data(), &picture.width, &picture.height) != 3)
    return internal_error("the picture decoder gave no answer");
  picture.format = std::string_view(format.data()) == "jpg" ? Format::kJpeg : Format::kPng;
  picture.bytes = answer.substr(end + 1);
  return picture;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Result<Picture> run_picture_program(const RunContext& context, const std::vector<std::string>& arguments,
                                    std::string_view bytes) {
  ChildSpec spec{.argv = {companion_program("llmi-picture").string()},
                 .environment = {"LANG=C.UTF-8", "VIPS_CONCURRENCY=1", "VIPS_BLOCK_UNTRUSTED=1", "HOME=/nonexistent"},
                 .directory = "/"};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  auto result = run_child(context.capped(kTimeLimit), spec, bytes, kLargestResult);
  if (!result)
    return fail(ErrorCode::kUnavailable, Origin::kInternal, "the picture decoder llmi-picture cannot be started: " + result.error().message);
  if (result->cancelled) return fail(ErrorCode::kCancelled, Origin::kCaller, "cancelled");
  if (result->timed_out && context.deadline.passed()) return fail(ErrorCode::kTimeout, Origin::kCaller, "the deadline passed");
  if (result->timed_out || result->exit_code == 128 + SIGXCPU) return unreadable("decoding it takes too long");
  if (result->exit_code == 2) return unreadable(first_line(result->err));
  if (result->exit_code != 0) return unreadable("it breaks the decoder or needs too much memory");
  return read_answer(std::move(result->out));
}

Result<Picture> decode_untrusted(const RunContext& context, std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.empty()) return unreadable("it is empty");
  if (bytes.size() > limits.max_bytes)
    return unreadable(fmt::format("it has {} bytes; at most {} are read", bytes.size(), limits.max_bytes));
  return run_picture_program(context, {"decode", fmt::format("{}", limits.max_pixels), fmt::format("{}", limits.max_side)}, bytes);
}

}  // namespace llmi::image
