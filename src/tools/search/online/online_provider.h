#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "net/network.h"
#include "tools/search/online/api.h"
#include "tools/search/provider.h"

namespace llmi::tools::online {

struct OnlineOptions {
  const Api* api = nullptr;
  Access access;                   ///< The URL is not empty.
  std::size_t max_concurrent = 8;  ///< Calls and downloads at once, per site.
};

/// Pictures of a provider on the internet. Being offline is noticed within 300 ms, by a connection that is not made in
/// that time; servers that the user configured are simply asked.
[[nodiscard]] std::shared_ptr<Provider> make_online_provider(std::shared_ptr<net::Network> network,
                                                             OnlineOptions options);

}  // namespace llmi::tools::online
