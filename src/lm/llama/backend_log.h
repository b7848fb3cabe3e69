#pragma once

#include <string>

namespace llmi::lm {

/// While it lives, warnings and errors that llama.cpp logs on this thread are kept here instead of being dropped.
/// Everything else that llama.cpp logs is dropped from the first capture on.
class BackendLog {
 public:
  BackendLog();
  ~BackendLog();
  BackendLog(const BackendLog&) = delete;
  BackendLog& operator=(const BackendLog&) = delete;

  /// The kept lines, oldest first, at most about 4 KiB of the latest.
  [[nodiscard]] const std::string& lines() const { return lines_; }
  /// What follows the last "error …: " in them: the reason in the loader's words; empty when there is none.
  [[nodiscard]] std::string reason() const;

 private:
  std::string lines_;
  BackendLog* outer_;
};

}  // namespace llmi::lm
