#include "sandbox/pool.h"

#include <algorithm>
#include <utility>

namespace llmi::sandbox {

Pool::Pool(Settings settings, std::size_t warm) : settings_(std::move(settings)), warm_(warm) {
  for (std::size_t i = 0; i < warm; ++i) {
    // What does not start now is tried again, and reported, when it is needed.
    if (auto interpreter = Interpreter::start(settings_)) idle_.push_back(*std::move(interpreter));
  }
}

Result<std::unique_ptr<Interpreter>> Pool::take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      auto interpreter = std::move(idle_.back());
      idle_.pop_back();
      return interpreter;
    }
  }
  return Interpreter::start(settings_);
}

void Pool::give_back(std::unique_ptr<Interpreter> interpreter) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < std::max<std::size_t>(warm_, 1)) idle_.push_back(std::move(interpreter));
}

Result<CodeResult> Pool::run(const RunContext& context, const CodeRequest& request) {
  LLMI_TRY(auto interpreter, take());
  auto result = interpreter->run(context, request);
  if (result && result->reusable) give_back(std::move(interpreter));
  return result;
}

Result<std::string> Pool::probe(const RunContext& context) {
  LLMI_TRY(auto interpreter, take());
  LLMI_CHECK_OK(interpreter->wait_until_warm(context));
  std::string versions = interpreter->versions();
  give_back(std::move(interpreter));
  return versions;
}

}  // namespace llmi::sandbox
