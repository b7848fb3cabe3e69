#include "base/pause.h"

#include <condition_variable>
#include <mutex>

namespace llmi {

Result<void> pause(const RunContext& context, Clock::duration span) {
  std::mutex mutex;
  std::condition_variable_any nobody;
  std::unique_lock lock(mutex);
  nobody.wait_until(lock, context.stop, context.deadline.capped(span).at(), [] { return false; });
  return context.check();
}

}  // namespace llmi
