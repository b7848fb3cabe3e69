#include "net/address_guard.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <span>

namespace llmi::net {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// The first `bits` bits of an address and what the block is.
struct Block {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
  std::string_view what;
};

constexpr std::string_view kPrivate = "a private network";
constexpr std::string_view kLoopback = "this machine";
constexpr std::string_view kLinkLocal = "the local link, where clouds keep their metadata";
constexpr std::string_view kReserved = "a reserved address";
constexpr std::string_view kMetadata = "a cloud's metadata service";

constexpr std::array kBlocks4{
    Block{{0}, 8, kLoopback},
    Block{{10}, 8, kPrivate},
    Block{{100, 64}, 10, "a carrier's private network"},
    Block{{127}, 8, kLoopback},
    Block{{168, 63, 129, 16}, 32, kMetadata},
    Block{{169, 254}, 16, kLinkLocal},
    Block{{172, 16}, 12, kPrivate},
    Block{{192, 0, 0}, 24, kReserved},
    Block{{192, 0, 2}, 24, kReserved},
    Block{{192, 88, 99}, 24, kReserved},
    Block{{192, 168}, 16, kPrivate},
    Block{{198, 18}, 15, kReserved},
    Block{{198, 51, 100}, 24, kReserved},
    Block{{203, 0, 113}, 24, kReserved},
    Block{{224}, 3, kReserved},  // Multicast, future use and broadcast.
};

constexpr std::array kBlocks6{
    Block{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 127, kLoopback},  // :: and ::1
    Block{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, kPrivate},                // NAT64 inside a network.
    Block{{0x01, 0x00}, 64, kReserved},
    Block{{0x20, 0x01, 0x00}, 23, kReserved},  // Protocol assignments, Teredo among them.
    Block{{0x20, 0x01, 0x0d, 0xb8}, 32, kReserved},
    Block{{0x3f, 0xff, 0x00}, 20, kReserved},
    Block{{0x5f, 0x00}, 16, kReserved},
    Block{{0xfc}, 7, kPrivate},
    Block{{0xfe, 0x80}, 10, kLinkLocal},
    Block{{0xfe, 0xc0}, 10, kPrivate},
    Block{{0xff}, 8, kReserved},
};

/// IPv6 blocks whose addresses carry an IPv4 address, at byte `at`.
struct Carrier {
  Block block;
  std::size_t at;
};
constexpr std::array kCarriers{
    Carrier{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, {}}, 12},        // ::ffff:a.b.c.d
    Carrier{{{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 96, {}}, 12},        // ::ffff:0:a.b.c.d
    Carrier{{{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 96, {}}, 12},  // NAT64
    Carrier{{{0x20, 0x02}, 16, {}}, 2},                                       // 6to4
    Carrier{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 96, {}}, 12},              // ::a.b.c.d
};

bool inside(Bytes address, const Block& block) {
  const std::size_t whole = block.bits / 8;
  if (!std::equal(block.prefix.begin(), block.prefix.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  const unsigned rest = block.bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8 - rest);
  return ((address[whole] ^ block.prefix[whole]) & mask) == 0;
}

template <std::size_t N>
std::optional<std::string_view> first_block(Bytes address, const std::array<Block, N>& blocks) {
  const auto* found = std::ranges::find_if(blocks, [&](const Block& block) { return inside(address, block); });
  if (found == blocks.end()) return std::nullopt;
  return found->what;
}

std::optional<std::string_view> not_public6(Bytes address) {
  if (const auto what = first_block(address, kBlocks6)) return what;
  for (const Carrier& carrier : kCarriers) {
    if (inside(address, carrier.block)) return first_block(address.subspan(carrier.at, 4), kBlocks4);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> not_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return first_block(bytes, kBlocks4);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return not_public6(bytes);
  }
  return "not an internet address";
}

Result<AllowedHost> parse_allowed_host(std::string_view text) {
  const bool has_scheme = text.find("://") != std::string_view::npos;
  LLMI_TRY(const Url url, parse_url(has_scheme ? std::string(text) : fmt::format("http://{}", text)));
  if (has_scheme) return AllowedHost{.scheme = url.site.scheme, .host = url.site.host, .port = url.site.port};
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  return AllowedHost{.host = url.site.host, .port = has_port ? url.site.port : std::uint16_t{0}};
}

bool AddressGuard::allows_any_address(const Site& site) const {
  return std::ranges::any_of(allowed_, [&](const AllowedHost& allowed) {
    return (allowed.scheme.empty() || allowed.scheme == site.scheme) && allowed.host == site.host &&
           (allowed.port == 0 || allowed.port == site.port);
  });
}

}  // namespace llmi::net
