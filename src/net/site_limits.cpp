#include "net/site_limits.h"

#include <algorithm>

namespace llmi::net {

Result<SiteLimits::Place> SiteLimits::enter(const RunContext& context, const Site& site, std::size_t most) {
  std::unique_lock lock(mutex_);
  Queue& queue = queues_[site];
  const std::size_t ticket = queue.next_ticket++;
  queue.waiting.push_back(ticket);
  const auto free = [&] { return queue.waiting.front() == ticket && queue.inside < std::max<std::size_t>(most, 1); };
  const bool entered = context.deadline.is_never()
                           ? changed_.wait(lock, context.stop, free)
                           : changed_.wait_until(lock, context.stop, context.deadline.at(), free);
  std::erase(queue.waiting, ticket);
  if (entered) ++queue.inside;
  lock.unlock();
  changed_.notify_all();
  if (!entered) {
    LLMI_CHECK_OK(context.check());
    return fail(ErrorCode::kTimeout, Origin::kCaller, "the deadline has passed");
  }
  return Place(*this, site);
}

void SiteLimits::leave(const Site& site) {
  {
    const std::lock_guard lock(mutex_);
    --queues_[site].inside;
  }
  changed_.notify_all();
}

}  // namespace llmi::net
