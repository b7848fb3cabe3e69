#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/run_context.h"

namespace llmi::sandbox {

struct Settings {
  std::filesystem::path python = "/usr/bin/python3";
  std::filesystem::path bubblewrap = "/usr/bin/bwrap";
  std::filesystem::path
      cache_folder;  ///< Keeps matplotlib's list of fonts between starts; empty: it is made each time.
};

struct CodeRequest {
  std::string code;
  std::string format = "png";  ///< "png" or "svg".
  std::chrono::milliseconds timeout{10'000};
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
};

/// What a run left behind. A fault and the output can both be there.
struct CodeResult {
  std::string out;  ///< At most 1 MiB each.
  std::string err;
  std::size_t figures = 0;
  std::vector<std::string> titles;
  std::vector<std::string> axis_labels;
  std::vector<std::string> series;
  std::vector<double> values;
  std::string picture;  ///< Bytes as the code's process gave them: hostile until decoded.
  std::optional<Fault> fault;
  bool reusable = true;  ///< False: the interpreter is spent; drop it.
};

/// A Python interpreter with its libraries loaded, inside a sandbox of its own (docs/adr/0003-sandbox.md): no network,
/// no files but the interpreter's, no sight of other processes, limits on everything. Runs one request at a time, each
/// in a fork that leaves nothing behind. Not thread-safe.
class Interpreter {
 public:
  /// Starts it; does not wait until it is warm. Errors: kUnavailable with the reason and the remedy.
  [[nodiscard]] static Result<std::unique_ptr<Interpreter>> start(const Settings& settings);

  /// Waits until it is warm. Errors: kUnavailable when it does not come up, kCancelled, kTimeout.
  [[nodiscard]] Result<void> wait_until_warm(const RunContext& context);

  /// Runs code. Warm first. Faults are in the result; errors are those of wait_until_warm.
  [[nodiscard]] Result<CodeResult> run(const RunContext& context, const CodeRequest& request);

  /// Versions of Python and the libraries, once warm.
  [[nodiscard]] const std::string& versions() const { return versions_; }

 private:
  Interpreter(ChildProcess&& child, Settings settings) : child_(std::move(child)), settings_(std::move(settings)) {}
  struct Answer {
    std::string head;
    std::string picture;
  };
  [[nodiscard]] Result<Answer> receive(const RunContext& context);
  [[nodiscard]] Result<void> send(const RunContext& context, const std::string& bytes);

  ChildProcess child_;
  Settings settings_;
  std::string versions_;
  bool warm_ = false;
};

}  // namespace llmi::sandbox
