#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace llmi {

/// Who has to act for the error to go away.
enum class Origin : std::uint8_t {
  kCaller,    ///< The arguments, the configuration or the input.
  kModel,     ///< The language model or a judge.
  kTool,      ///< A picture tool or search provider.
  kUpstream,  ///< A server we depend on for anything else.
  kInternal,  ///< llmi itself.
};

/// The closed set of error kinds. `error.cpp` holds the one table from these to exit codes and HTTP statuses.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,    ///< A flag, argument or request is wrong.
  kInvalidConfig,      ///< The configuration is wrong; the message names file, line and key.
  kNotFound,           ///< A named thing (file, model, run) is not there.
  kUnreadable,         ///< It is there but cannot be read as what it should be.
  kUnavailable,        ///< A server or a needed facility (sandbox, model) cannot be reached or used.
  kRefused,            ///< The other side understood and said no.
  kForbidden,          ///< A policy says no: the address guard, or the other side's rules about content.
  kTimeout,            ///< A deadline passed.
  kCancelled,          ///< Someone asked us to stop.
  kResourceExhausted,  ///< A limit (memory, queue, budget, disk) was hit.
  kInternal,           ///< A broken invariant.
};

/// An error that ends an operation. Figures that could not be made are not errors but faults (fault.h).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< What is wrong, where, and what to do; one sentence or two, for a person.
  Origin origin = Origin::kInternal;
  bool retryable = false;                    ///< The same call may succeed later.
  std::chrono::milliseconds retry_after{0};  ///< When the other side said how long to wait before that.
  std::string context;  ///< Optional detail for a log (stderr of a child, a reply's body); never secret.
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, Origin origin, std::string message);
[[nodiscard]] std::unexpected<Error> invalid_argument(std::string message);
[[nodiscard]] std::unexpected<Error> not_found(std::string message);
[[nodiscard]] std::unexpected<Error> internal_error(std::string message);

/// Exit code of the command line for an error (system contract, section 7): 1, 2, 3 or 130.
[[nodiscard]] int exit_code(const Error& error) noexcept;
/// HTTP status for an error.
[[nodiscard]] int http_status(const Error& error) noexcept;
/// Stable lower-case name ("invalid_argument") for logs and JSON.
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;
[[nodiscard]] std::string_view name(Origin origin) noexcept;

}  // namespace llmi

#define LLMI_CONCAT_INNER(a, b) a##b
#define LLMI_CONCAT(a, b) LLMI_CONCAT_INNER(a, b)

/// `LLMI_TRY(auto x, f());` — x is the value of f(), or the enclosing function returns f()'s error.
#define LLMI_TRY(declaration, expression)                                                                             \
  auto LLMI_CONCAT(llmi_try_, __LINE__) = (expression);                                                               \
  if (!LLMI_CONCAT(llmi_try_, __LINE__)) return std::unexpected(std::move(LLMI_CONCAT(llmi_try_, __LINE__)).error()); \
  declaration = *std::move(LLMI_CONCAT(llmi_try_, __LINE__))  // NOLINT(bugprone-macro-parentheses): a declaration

/// `LLMI_CHECK_OK(f());` — the enclosing function returns f()'s error if there is one.
#define LLMI_CHECK_OK(expression) \
  if (auto llmi_status = (expression); !llmi_status) return std::unexpected(std::move(llmi_status).error())
