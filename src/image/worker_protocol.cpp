#include "image/worker_protocol.h"

#include <cstring>
#include <type_traits>

namespace llmi::image {
namespace {

constexpr std::uint32_t kRequestMark = 0x31514C4C;  // "LLQ1"
constexpr std::uint32_t kReplyMark = 0x31524C4C;    // "LLR1"

// Both ends are built together and run on one machine, so the structures travel as they are.
struct RequestHead {
  std::uint32_t mark;
  std::uint32_t task;
  std::uint64_t max_bytes;
  std::uint64_t max_pixels;
  std::uint64_t max_side;
  std::uint64_t program_size;
};
struct ReplyHead {
  std::uint32_t mark;
  std::uint32_t error;  ///< 0: a picture follows; else 1 + ErrorCode, and its message follows.
  std::uint32_t format;
  std::uint32_t width;
  std::uint32_t height;
};

template <class Head>
std::string with_head(const Head& head, std::size_t room) {
  static_assert(std::is_trivially_copyable_v<Head>);
  std::string message;
  message.reserve(sizeof(Head) + room);
  message.append(reinterpret_cast<const char*>(&head), sizeof(Head));
  return message;
}

template <class Head>
bool read_head(std::string_view& message, Head& head, std::uint32_t mark) {
  if (message.size() < sizeof(Head)) return false;
  message.copy(reinterpret_cast<char*>(&head), sizeof(Head));
  message.remove_prefix(sizeof(Head));
  return head.mark == mark;
}

std::unexpected<Error> broken() { return internal_error("the picture process and llmi do not understand each other"); }

}  // namespace

std::string encode(const WorkerRequest& request) {
  const RequestHead head{.mark = kRequestMark,
                         .task = static_cast<std::uint32_t>(request.task),
                         .max_bytes = request.limits.max_bytes,
                         .max_pixels = request.limits.max_pixels,
                         .max_side = static_cast<std::uint64_t>(request.limits.max_side),
                         .program_size = request.program.size()};
  std::string message = with_head(head, request.program.size() + request.bytes.size());
  message += request.program;
  message += request.bytes;
  return message;
}

Result<WorkerRequest> decode_request(std::string_view message) {
  RequestHead head{};
  if (!read_head(message, head, kRequestMark) || head.task > static_cast<std::uint32_t>(WorkerRequest::Task::kJpeg) ||
      head.program_size > message.size())
    return broken();
  return WorkerRequest{.task = static_cast<WorkerRequest::Task>(head.task),
                       .limits = {.max_bytes = head.max_bytes,
                                  .max_pixels = head.max_pixels,
                                  .max_side = static_cast<int>(head.max_side)},
                       .program = std::string(message.substr(0, head.program_size)),
                       .bytes = message.substr(head.program_size)};
}

std::string encode(const Result<Picture>& reply) {
  const std::string& payload = reply ? reply->bytes : reply.error().message;
  ReplyHead head{.mark = kReplyMark};
  if (reply) {
    head.format = static_cast<std::uint32_t>(reply->format);
    head.width = static_cast<std::uint32_t>(reply->width);
    head.height = static_cast<std::uint32_t>(reply->height);
  } else {
    head.error = 1 + static_cast<std::uint32_t>(reply.error().code);
  }
  return with_head(head, payload.size()) + payload;
}

Result<Picture> decode_reply(std::string_view message) {
  ReplyHead head{};
  if (!read_head(message, head, kReplyMark)) return broken();
  if (head.error != 0) {
    if (head.error > 1 + static_cast<std::uint32_t>(ErrorCode::kInternal)) return broken();
    return fail(static_cast<ErrorCode>(head.error - 1), Origin::kCaller, std::string(message));
  }
  // The process that wrote this may have been taken over by the picture: only sound values pass.
  constexpr std::uint32_t kMaxSide = 1U << 16;
  const bool sound = head.format <= static_cast<std::uint32_t>(Format::kJpeg) && head.width > 0 && head.height > 0 &&
                     head.width <= kMaxSide && head.height <= kMaxSide && !message.empty();
  if (!sound) return broken();
  return Picture{.bytes = std::string(message),
                 .format = static_cast<Format>(head.format),
                 .width = static_cast<int>(head.width),
                 .height = static_cast<int>(head.height)};
}

}  // namespace llmi::image
