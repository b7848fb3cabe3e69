#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi::tools::online {

using Json = nlohmann::json;

/// The list at `path` ("query.pages") of a reply; an absent one is an empty list. Errors: kUnreadable, naming the
/// provider, where the reply is no JSON object.
[[nodiscard]] Result<Json> list_at(std::string_view provider, std::string_view body, std::string_view path);

/// What stands at `path` of an object as text (numbers too); empty when it is not there.
[[nodiscard]] std::string text_at(const Json& object, std::string_view path);
/// A whole number at `path`, given as number or text; 0 when it is not there or does not fit.
[[nodiscard]] int number_at(const Json& object, std::string_view path);

}  // namespace llmi::tools::online
