#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/pause.h"
#include "tools/pictures/exchange.h"

// stable-diffusion.cpp's sd-server, by its native asynchronous API: a job is posted and asked for until it is done. A
// job that waits in the queue can be cancelled; one that is being made cannot, and is no longer waited for.
namespace llmi::tools::pictures {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};
// The server reads seeds as signed 64-bit numbers and takes a negative one as "random".
constexpr std::uint64_t kSeedMask = (std::uint64_t{1} << 31U) - 1;

std::string url(const Studio& studio, std::string_view path) {
  return net::endpoint(studio.server.url, "/sdcpp/v1", path);
}

Json body(const Job& job) {
  Json json{{"prompt", job.prompt},
            {"seed", job.seed & kSeedMask},
            {"batch_count", 1},
            {"output_format", "png"},
            {"embed_image_metadata", false}};
  if (job.picture != nullptr) {
    // Models made for editing look at the references, others start from the picture.
    const std::string picture = base64(job.picture->bytes);
    json["ref_images"] = {picture};
    json["init_image"] = picture;
    json["width"] = job.picture->width;
    json["height"] = job.picture->height;
  }
  return json;
}

Result<Painted> painted(const Studio& studio, const Json& reply, const Job& job) {
  const Json images = reply.value("result", Json::object()).value("images", Json::array());
  if (!images.is_array() || images.empty() || !images[0].is_object())
    return unreadable(studio, "the job holds no picture");
  LLMI_TRY(std::string bytes, picture_bytes(studio, images[0].value("b64_json", "")));
  return Painted{.bytes = std::move(bytes), .model = studio.server.model, .seed = job.seed & kSeedMask};
}

std::unexpected<Error> failed(const Studio& studio, const Json& reply) {
  const Json error = reply.value("error", Json());
  const std::string said = error.is_object()   ? error.value("message", "")
                           : error.is_string() ? error.get<std::string>()
                                               : "";
  return fail(ErrorCode::kRefused, Origin::kTool,
              fmt::format("the picture server {} could not make the picture: {}", studio.server.url, said));
}

Result<Painted> paint(const Studio& studio, const Job& job) {
  LLMI_TRY(const Json posted, post_json(studio, url(studio, "/img_gen"), body(job)));
  const std::string id = posted.value("id", "");
  if (id.empty()) return unreadable(studio, "the job has no id");
  const auto cancelled = [&](const Error& error) {
    notify(studio, url(studio, fmt::format("/jobs/{}/cancel", id)), Json::object());
    return std::unexpected(error);
  };
  for (;;) {
    const auto reply = get_json(studio, url(studio, fmt::format("/jobs/{}", id)));
    if (!reply) return cancelled(reply.error());
    const std::string status = reply->value("status", "");
    if (status == "completed") return painted(studio, *reply, job);
    if (status == "failed" || status == "cancelled") return failed(studio, *reply);
    if (const auto waited = pause(studio.context, kBetweenLooks); !waited) return cancelled(waited.error());
  }
}

}  // namespace

const Backend kSdServer{.name = "sd-server", .takes_seed = true, .paint = paint};

}  // namespace llmi::tools::pictures
