#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "base/run_context.h"
#include "net/url.h"

namespace llmi::net {

/// How many calls a site gets at once, whichever tools make them, and how long it asked to be left alone. Thread-safe.
class SiteLimits {
 public:
  /// A place at a site; given back by the destructor. Must not outlive its SiteLimits.
  class Place {
   public:
    Place(SiteLimits& limits, const Site& site) : limits_(&limits), site_(site) {}
    Place(Place&& other) noexcept : limits_(std::exchange(other.limits_, nullptr)), site_(std::move(other.site_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (limits_ != nullptr) limits_->leave(site_);
    }

   private:
    SiteLimits* limits_;
    Site site_;
  };

  /// Waits until fewer than `most` calls are under way at the site; first come, first served. Errors: kTimeout,
  /// kCancelled.
  [[nodiscard]] Result<Place> enter(const RunContext& context, const Site& site, std::size_t most);

 private:
  struct Queue {
    std::size_t inside = 0;
    std::size_t next_ticket = 0;
    std::deque<std::size_t> waiting;  ///< Tickets in order of arrival.
  };
  void leave(const Site& site);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Site, Queue> queues_;
};

}  // namespace llmi::net
