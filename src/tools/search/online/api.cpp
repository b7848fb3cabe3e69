#include "tools/search/online/api.h"

#include <algorithm>
#include <array>

namespace llmi::tools::online {

std::span<const Api* const> apis() {
  static constexpr std::array kApis{&kCommons, &kOpenverse, &kSearxng, &kSerpapi, &kBrave, &kPexels, &kUnsplash};
  return kApis;
}

const Api* find_api(std::string_view name) {
  const auto found = std::ranges::find(apis(), name, [](const Api* api) { return api->name; });
  return found == apis().end() ? nullptr : *found;
}

}  // namespace llmi::tools::online
