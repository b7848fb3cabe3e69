#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/url.h"

namespace llmi::net {

/// Why an address is not on the public internet ("a loopback address", "a private network", …), or nothing when it is
/// public. IPv4 addresses inside IPv6 forms (mapped, compatible, NAT64, 6to4) count as what they lead to. Anything but
/// IPv4 and IPv6 is never public. Source: the IANA special-purpose registries (RFC 6890) and the clouds' metadata
/// addresses.
[[nodiscard]] std::optional<std::string_view> not_public(const sockaddr& address);

/// A host that may be reached although its address is not public.
struct AllowedHost {
  std::string scheme;      ///< Empty: both.
  std::string host;        ///< As Site::host.
  std::uint16_t port = 0;  ///< 0: any.
};

/// Reads "host", "host:port", "[v6]:port" or an http(s) URL. Errors: kInvalidArgument.
[[nodiscard]] Result<AllowedHost> parse_allowed_host(std::string_view text);

/// Decides which addresses may be connected to: public ones, and any address for the allowed hosts. Immutable;
/// thread-safe.
class AddressGuard {
 public:
  AddressGuard() = default;
  explicit AddressGuard(std::vector<AllowedHost> allowed) : allowed_(std::move(allowed)) {}

  /// Whether the site may be at any address.
  [[nodiscard]] bool allows_any_address(const Site& site) const;

 private:
  std::vector<AllowedHost> allowed_;
};

}  // namespace llmi::net
