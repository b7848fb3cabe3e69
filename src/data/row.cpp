#include "data/row.h"

#include <nlohmann/json.hpp>

namespace llmi::data {

std::string print(const Row& row) {
  using Json = nlohmann::ordered_json;
  const Json json{{"prompt", Json::array({{{"role", "user"}, {"content", row.question}}})},
                  {"images", row.images},
                  {"data_source", row.images.empty() ? "interleaved" : "interleaved_mm"},
                  {"extra_info",
                   {{"split", row.test ? "test" : "train"},
                    {"index", row.index},
                    {"image_num", row.image_num},
                    {"tools", tool_names(row.tools)},
                    {"question", row.question},
                    {"id", row.id},
                    {"topic", row.topic},
                    {"domain", row.domain},
                    {"language", row.language},
                    {"needs_pictures", row.needs_pictures}}}};
  return json.dump();
}

}  // namespace llmi::data
