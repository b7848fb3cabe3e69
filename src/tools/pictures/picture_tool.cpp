#include "tools/pictures/picture_tool.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "tools/pictures/plain_prompt.h"

namespace llmi::tools {
namespace {

Fault fault_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTimeout:
      return {Stage::kTimeout, "the picture server took longer than it may"};
    case ErrorCode::kCancelled:
      return {Stage::kCancelled, "cancelled"};
    case ErrorCode::kForbidden:
      return {Stage::kPolicy, error.message};
    default:
      return {Stage::kTool, error.message};
  }
}

std::string prompt_of(const tag::Tag& call) {
  if (const auto* diffusion = std::get_if<tag::DiffusionParams>(&call.params)) return diffusion->prompt;
  if (const auto* edit = std::get_if<tag::EditParams>(&call.params)) return edit->prompt;
  return {};
}

}  // namespace

Quote PictureTool::quote(const Request& /*request*/) const {
  return {.backend = std::string(backend()), .price = options_.price};
}

std::string PictureTool::cache_identity(const RunContext& context, const Request& /*request*/) const {
  if (!options_.backend->takes_seed) return {};
  const pictures::Server& server = options_.server;
  return fmt::format("{}\n{}\n{}\n{}\n{}", options_.backend->name, server.url, server.model,
                     sha256_hex(server.workflow), context.seed);
}

Outcome PictureTool::run(const RunContext& context, const Request& request) {
  const auto painted = paint(context, request);
  if (!painted)
    return {.result = fault_of(painted.error()), .unreachable = painted.error().code == ErrorCode::kUnavailable};
  auto picture = options_.decoder(context, painted->bytes);
  if (!picture && picture.error().code == ErrorCode::kUnreadable)
    return {.result = Fault{Stage::kDecode, fmt::format("the picture that the server made cannot be read: {}",
                                                        picture.error().message)}};
  if (!picture) return {.result = fault_of(picture.error())};
  document::Provenance provenance{.tool = std::string(tag::name(options_.source)),
                                  .backend = std::string(options_.backend->name),
                                  .model = painted->model,
                                  .seed = painted->seed,
                                  .prompt = pictures::plain_prompt(prompt_of(request.tag))};
  return {.result = Made{.picture = *std::move(picture), .provenance = std::move(provenance)}};
}

Result<pictures::Painted> PictureTool::paint(const RunContext& context, const Request& request) const {
  const std::string prompt = pictures::plain_prompt(prompt_of(request.tag));
  if (prompt.empty()) return invalid_argument("the prompt says nothing about a picture");
  if (options_.source == tag::Source::kEdit && request.parent == nullptr)
    return invalid_argument("there is no picture to change");
  if (options_.managed) LLMI_CHECK_OK(options_.managed->ready(context, *options_.network));
  LLMI_TRY(const auto place, options_.network->enter(context, options_.server.url, options_.max_concurrent));
  const RunContext limited = context.capped(options_.timeout);
  const pictures::Studio studio{.context = limited, .network = *options_.network, .server = options_.server};
  try {
    return options_.backend->paint(studio, {.prompt = prompt, .picture = request.parent.get(), .seed = context.seed});
  } catch (const nlohmann::json::exception& error) {
    // A member of the reply has another type than the API says.
    return fail(
        ErrorCode::kUnreadable, Origin::kTool,
        fmt::format("the picture server {} gave a reply that cannot be used: {}", options_.server.url, error.what()));
  }
}

}  // namespace llmi::tools
