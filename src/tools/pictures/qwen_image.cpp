#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "tools/pictures/exchange.h"

// The Qwen-Image server of the paper's authors: one process paints, another edits.
namespace llmi::tools::pictures {
namespace {

std::string url(const Studio& studio, std::string_view path) { return net::endpoint(studio.server.url, "", path); }

Result<Painted> paint(const Studio& studio, const Job& job) {
  // What is left out has the server's own defaults; a null prompt is refused by some versions.
  Json body{{"prompt", job.prompt}, {"negative_prompt", ""}};
  if (job.picture != nullptr) body["image_b64"] = base64(job.picture->bytes);
  LLMI_TRY(const Json reply, post_json(studio, url(studio, job.picture == nullptr ? "/generate/" : "/edit/"), body));
  const Json images = reply.value("images", Json::array());
  if (!images.is_array() || images.empty() || !images[0].is_string()) return unreadable(studio, "it holds no picture");
  LLMI_TRY(std::string bytes, picture_bytes(studio, images[0].get<std::string>()));
  return Painted{.bytes = std::move(bytes), .model = studio.server.model};
}

}  // namespace

const Backend kQwenImage{.name = "qwen-image", .paint = paint};

}  // namespace llmi::tools::pictures
