#include <nlohmann/json.hpp>

#include "tools/pictures/exchange.h"

// Volcengine Ark: Seedream paints, SeedEdit changes, both by one path.
namespace llmi::tools::pictures {
namespace {

Result<Painted> paint(const Studio& studio, const Job& job) {
  Json body{
      {"model", studio.server.model}, {"prompt", job.prompt}, {"response_format", "b64_json"}, {"watermark", false}};
  if (job.picture != nullptr) body["image"] = data_uri(*job.picture);
  LLMI_TRY(const Json reply,
           post_json(studio, net::endpoint(studio.server.url, "/api/v3", "/images/generations"), body));
  LLMI_TRY(std::string bytes, openai_picture(studio, reply));
  return Painted{.bytes = std::move(bytes), .model = reply.value("model", studio.server.model)};
}

}  // namespace

const Backend kArk{.name = "ark",
                   .url = "https://ark.cn-beijing.volces.com",
                   .key_variable = "ARK_API_KEY",
                   .needs_model = true,
                   .paint = paint};

}  // namespace llmi::tools::pictures
