#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "tools/search/provider.h"

namespace llmi::tools::online {

/// Where a provider is and the key it is asked with.
struct Access {
  std::string url;  ///< Without or with the API's fixed suffix.
  std::string key;  ///< Empty: none.
};

/// What differs between the providers on the internet. A new one is a file with an Api and a line in apis().
struct Api {
  std::string_view name;
  std::string_view url;           ///< The public address; empty: the user has to name one.
  std::string_view key_variable;  ///< The usual environment variable of its key.
  bool needs_key = false;

  net::HttpRequest (*request)(const Access& access, const SearchQuery& query);
  /// Candidates in the provider's order, without `provider`. Errors: kUnreadable where the reply has not its shape.
  Result<std::vector<Candidate>> (*read)(std::string_view body);
  /// What a refusal with this status means, beyond what the server says; may be null.
  std::string_view (*explain)(int status) = nullptr;
};

[[nodiscard]] std::span<const Api* const> apis();
[[nodiscard]] const Api* find_api(std::string_view name);

extern const Api kBrave;
extern const Api kCommons;
extern const Api kOpenverse;
extern const Api kPexels;
extern const Api kSearxng;
extern const Api kSerpapi;
extern const Api kUnsplash;

}  // namespace llmi::tools::online
