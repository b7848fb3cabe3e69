#include "base/error.h"

#include <array>
#include <cstddef>

namespace llmi {
namespace {

struct CodeRow {
  ErrorCode code;
  std::string_view name;
  int exit_code;
  int http_status;
};

constexpr std::array kCodes{
    CodeRow{ErrorCode::kInvalidArgument, "invalid_argument", 2, 400},
    CodeRow{ErrorCode::kInvalidConfig, "invalid_config", 2, 500},
    CodeRow{ErrorCode::kNotFound, "not_found", 2, 404},
    CodeRow{ErrorCode::kUnreadable, "unreadable", 2, 422},
    CodeRow{ErrorCode::kUnavailable, "unavailable", 3, 503},
    CodeRow{ErrorCode::kRefused, "refused", 3, 502},
    CodeRow{ErrorCode::kForbidden, "forbidden", 3, 403},
    CodeRow{ErrorCode::kTimeout, "timeout", 3, 504},
    CodeRow{ErrorCode::kCancelled, "cancelled", 130, 499},
    CodeRow{ErrorCode::kResourceExhausted, "resource_exhausted", 3, 429},
    CodeRow{ErrorCode::kInternal, "internal", 1, 500},
};

const CodeRow& row(ErrorCode code) noexcept { return kCodes[static_cast<std::size_t>(code)]; }

}  // namespace

std::unexpected<Error> fail(ErrorCode code, Origin origin, std::string message) {
  return std::unexpected(Error{.code = code, .message = std::move(message), .origin = origin});
}
std::unexpected<Error> invalid_argument(std::string message) {
  return fail(ErrorCode::kInvalidArgument, Origin::kCaller, std::move(message));
}
std::unexpected<Error> not_found(std::string message) {
  return fail(ErrorCode::kNotFound, Origin::kCaller, std::move(message));
}
std::unexpected<Error> internal_error(std::string message) {
  return fail(ErrorCode::kInternal, Origin::kInternal, std::move(message));
}

int exit_code(const Error& error) noexcept { return row(error.code).exit_code; }
int http_status(const Error& error) noexcept { return row(error.code).http_status; }
std::string_view name(ErrorCode code) noexcept { return row(code).name; }

std::string_view name(Origin origin) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"caller", "model", "tool", "upstream", "internal"};
  return kNames[static_cast<std::size_t>(origin)];
}

}  // namespace llmi
