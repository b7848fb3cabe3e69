#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/pictures/exchange.h"

// OpenAI's images API, as hosted and as spoken by vLLM-Omni and SGLang. GPT image models always answer in base64 and
// refuse `response_format`; only dall-e needs it.
namespace llmi::tools::pictures {
namespace {

std::string url(const Studio& studio, std::string_view path) { return net::endpoint(studio.server.url, "/v1", path); }

Result<Json> generated(const Studio& studio, const Job& job) {
  Json body{{"prompt", job.prompt}, {"n", 1}};
  if (!studio.server.model.empty()) body["model"] = studio.server.model;
  if (studio.server.model.starts_with("dall-e")) body["response_format"] = "b64_json";
  return post_json(studio, url(studio, "/images/generations"), body);
}

Result<Json> edited(const Studio& studio, const Job& job) {
  std::vector<FormPart> parts{{.name = "prompt", .value = job.prompt}, {.name = "n", .value = "1"}};
  if (!studio.server.model.empty()) parts.push_back({.name = "model", .value = studio.server.model});
  parts.push_back({.name = "image",
                   .value = job.picture->bytes,
                   .file_name = fmt::format("picture.{}", image::extension(job.picture->format)),
                   .media_type = image::media_type(job.picture->format)});
  return post_form(studio, url(studio, "/images/edits"), parts);
}

Result<Painted> paint(const Studio& studio, const Job& job) {
  LLMI_TRY(const Json reply, job.picture == nullptr ? generated(studio, job) : edited(studio, job));
  LLMI_TRY(std::string bytes, openai_picture(studio, reply));
  return Painted{.bytes = std::move(bytes), .model = studio.server.model};
}

}  // namespace

const Backend kOpenAiImages{
    .name = "openai", .url = "https://api.openai.com", .key_variable = "OPENAI_API_KEY", .paint = paint};

}  // namespace llmi::tools::pictures
