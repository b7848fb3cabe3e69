#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "tools/pictures/exchange.h"

// AUTOMATIC1111's web UI and Forge (started with --api).
namespace llmi::tools::pictures {
namespace {

constexpr std::uint64_t kSeedMask = (std::uint64_t{1} << 32U) - 1;
constexpr double kEditStrength = 0.6;

std::string url(const Studio& studio, std::string_view path) {
  return net::endpoint(studio.server.url, "/sdapi/v1", path);
}

/// `info` is JSON as text; empty from servers that only speak the same shape.
std::optional<std::uint64_t> seed_in(const Json& reply) {
  const Json info = Json::parse(reply.value("info", ""), nullptr, false);
  if (!info.is_object() || !info.contains("seed") || !info["seed"].is_number_unsigned()) return std::nullopt;
  return info["seed"].get<std::uint64_t>();
}

Result<Painted> paint(const Studio& studio, const Job& job) {
  Json body{{"prompt", job.prompt}, {"seed", job.seed & kSeedMask}, {"batch_size", 1}, {"n_iter", 1}};
  if (!studio.server.model.empty()) body["override_settings"] = {{"sd_model_checkpoint", studio.server.model}};
  if (job.picture != nullptr) {
    body["init_images"] = {base64(job.picture->bytes)};
    body["denoising_strength"] = kEditStrength;
    body["width"] = job.picture->width;
    body["height"] = job.picture->height;
  }
  const auto reply = post_json(studio, url(studio, job.picture == nullptr ? "/txt2img" : "/img2img"), body);
  if (!reply) {
    // Without this the server would go on painting what nobody waits for.
    if (!studio.context.check()) notify(studio, url(studio, "/interrupt"), Json::object());
    return std::unexpected(reply.error());
  }
  const Json images = reply->value("images", Json::array());
  if (!images.is_array() || images.empty() || !images[0].is_string()) return unreadable(studio, "it holds no picture");
  LLMI_TRY(std::string bytes, picture_bytes(studio, images[0].get<std::string>()));
  return Painted{
      .bytes = std::move(bytes), .model = studio.server.model, .seed = seed_in(*reply).value_or(job.seed & kSeedMask)};
}

}  // namespace

const Backend kA1111{.name = "a1111", .takes_seed = true, .paint = paint};

}  // namespace llmi::tools::pictures
