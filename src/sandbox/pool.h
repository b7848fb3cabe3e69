#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sandbox/interpreter.h"

namespace llmi::sandbox {

/// Warm interpreters for several runs at once. Thread-safe; the destructor kills them all.
class Pool {
 public:
  /// Starts `warm` interpreters in the background of whatever the caller does next.
  Pool(Settings settings, std::size_t warm);

  /// Runs code in an idle interpreter, or in a new one when all are busy. Errors: kUnavailable when no sandbox works here.
  [[nodiscard]] Result<CodeResult> run(const RunContext& context, const CodeRequest& request);

  /// Ok when a sandboxed interpreter comes up; its versions. Errors: kUnavailable with reason and remedy.
  [[nodiscard]] Result<std::string> probe(const RunContext& context);

 private:
  [[nodiscard]] Result<std::unique_ptr<Interpreter>> take();
  void give_back(std::unique_ptr<Interpreter> interpreter);

  const Settings settings_;
  const std::size_t warm_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Interpreter>> idle_;  // guarded by mutex_
};

}  // namespace llmi::sandbox
