#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace llmi::net {

/// Scheme, host and port (a web "origin"): what a permission or a concurrency limit belongs to.
struct Site {
  std::string scheme;  ///< "http" or "https".
  std::string host;    ///< Lower case, without brackets and trailing dot.
  std::uint16_t port = 0;

  auto operator<=>(const Site&) const = default;
};

/// "https://host:8443"; the scheme's own port is left out.
[[nodiscard]] std::string to_text(const Site& site);

/// An absolute http(s) URL in normal form. Values come from parse() and resolve() only.
struct Url {
  std::string text;  ///< Percent-encoded where it has to be; no fragment.
  Site site;
};

/// Errors: kInvalidArgument for another scheme, no host, a name and password inside (they would reach logs), or text
/// that is no URL.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// What `reference` (absolute or relative) means on the page `base`. Errors as parse_url.
[[nodiscard]] Result<Url> resolve_url(const Url& base, std::string_view reference);

/// A configured address with the fixed suffix that its API has, whether or not the user wrote it:
/// endpoint("http://h:1/v1/", "/v1", "/models") == endpoint("http://h:1", "/v1", "/models") == "http://h:1/v1/models".
[[nodiscard]] std::string endpoint(std::string_view configured, std::string_view suffix, std::string_view path);

using Query = std::vector<std::pair<std::string, std::string>>;

/// "?a=1&b=two%20words", or nothing for an empty query.
[[nodiscard]] std::string query_text(const Query& query);

}  // namespace llmi::net
