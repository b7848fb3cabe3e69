#include "net/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <bit>
#include <cstring>

namespace llmi::net {
namespace {

bool is_public(const char* text) {
  sockaddr_storage storage{};
  sockaddr_in v4{.sin_family = AF_INET};
  sockaddr_in6 v6{.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    std::memcpy(&storage, &v4, sizeof v4);
  } else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
    std::memcpy(&storage, &v6, sizeof v6);
  } else {
    ADD_FAILURE() << text << " is no address";
  }
  return !not_public(reinterpret_cast<const sockaddr&>(storage));
}

TEST(AddressGuard, PublicAddresses) {
  for (const char* text :
       {"1.1.1.1",         "8.8.8.8",      "9.255.255.255",    "11.0.0.0",       "100.63.255.255",  "100.128.0.0",
        "126.255.255.255", "128.0.0.1",    "169.253.255.255",  "169.255.0.0",    "172.15.255.255",  "172.32.0.0",
        "192.167.255.255", "192.169.0.0",  "198.17.255.255",   "198.20.0.0",     "223.255.255.255", "168.63.129.15",
        "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1", "2001:200::1"})
    EXPECT_TRUE(is_public(text)) << text;
}

TEST(AddressGuard, AddressesThatAreNotPublic) {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "100.100.100.200",
                           "127.0.0.1",
                           "127.255.255.254",
                           "168.63.129.16",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:0:10.0.0.1",
                           "::7f00:1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::808:808",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::1",
                           "2002:a00:1::",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fdff::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "3fff::1",
                           "5f00::1"})
    EXPECT_FALSE(is_public(text)) << text;
}

TEST(AddressGuard, OtherFamiliesAreNeverPublic) {
  sockaddr_un local{.sun_family = AF_UNIX};
  EXPECT_TRUE(not_public(reinterpret_cast<const sockaddr&>(local)));
}

TEST(AddressGuard, AllowedHosts) {
  const AddressGuard guard({*parse_allowed_host("http://127.0.0.1:1234/x"), *parse_allowed_host("printer.local"),
                            *parse_allowed_host("nas:8080"), *parse_allowed_host("[::1]:9")});
  EXPECT_TRUE(guard.allows_any_address({"http", "127.0.0.1", 1234}));
  EXPECT_FALSE(guard.allows_any_address({"https", "127.0.0.1", 1234}));
  EXPECT_FALSE(guard.allows_any_address({"http", "127.0.0.1", 1235}));
  EXPECT_TRUE(guard.allows_any_address({"https", "printer.local", 443}));
  EXPECT_TRUE(guard.allows_any_address({"http", "nas", 8080}));
  EXPECT_FALSE(guard.allows_any_address({"http", "nas", 80}));
  EXPECT_TRUE(guard.allows_any_address({"http", "::1", 9}));
  EXPECT_FALSE(guard.allows_any_address({"http", "example.org", 80}));
  EXPECT_FALSE(parse_allowed_host("http://"));
}

}  // namespace
}  // namespace llmi::net
