#include "tools/search/online/reply_json.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace llmi::tools::online {
namespace {

const Json* at(const Json& object, std::string_view path) {
  const Json* here = &object;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    if (!here->is_object()) return nullptr;
    const auto found = here->find(path.substr(0, dot));
    if (found == here->end()) return nullptr;
    here = &*found;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return here;
}

}  // namespace

Result<Json> list_at(std::string_view provider, std::string_view body, std::string_view path) {
  const Json reply = Json::parse(body, nullptr, false);
  if (!reply.is_object())
    return fail(ErrorCode::kUnreadable, Origin::kTool,
                fmt::format("{} answered with something that is not its JSON", provider));
  const Json* list = at(reply, path);
  if (list == nullptr) return Json::array();
  if (list->is_array()) return *list;
  Json values = Json::array();
  if (list->is_object()) {
    for (const auto& [key, value] : list->items()) values.push_back(value);
  }
  return values;
}

std::string text_at(const Json& object, std::string_view path) {
  const Json* found = at(object, path);
  if (found == nullptr) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : std::string();
}

int number_at(const Json& object, std::string_view path) {
  const std::string text = text_at(object, path);
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace llmi::tools::online
