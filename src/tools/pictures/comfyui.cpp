#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/pause.h"
#include "base/replace.h"
#include "tools/pictures/exchange.h"

// ComfyUI: the user's own workflow in API format is the template. A text that is exactly "%seed%" becomes the seed as a
// number; "%prompt%" and "%image%" (the name of the uploaded picture) are replaced wherever they stand in a text.
namespace llmi::tools::pictures {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};
constexpr std::uint64_t kSeedMask = (std::uint64_t{1} << 53U) - 1;

std::string url(const Studio& studio, std::string_view path) { return net::endpoint(studio.server.url, "", path); }

void fill(Json& node, const Job& job, const std::string& image) {
  if (node.is_structured()) {
    for (Json& child : node) fill(child, job, image);
  } else if (node.is_string()) {
    std::string text = node.get<std::string>();
    if (text == "%seed%") {
      node = job.seed & kSeedMask;
      return;
    }
    // The picture's name first: a prompt may hold any text.
    text = replaced(replaced(std::move(text), "%image%", image), "%prompt%", job.prompt);
    node = text;
  }
}

/// Puts the picture where the workflow can load it; its name there.
Result<std::string> uploaded(const Studio& studio, const image::Picture& picture, std::uint64_t seed) {
  const std::vector<FormPart> parts{{.name = "image",
                                     .value = picture.bytes,
                                     .file_name = fmt::format("llmi-{}.{}", seed, image::extension(picture.format)),
                                     .media_type = image::media_type(picture.format)},
                                    {.name = "overwrite", .value = "true"}};
  LLMI_TRY(const Json reply, post_form(studio, url(studio, "/upload/image"), parts));
  const std::string folder = reply.value("subfolder", "");
  const std::string name = reply.value("name", "");
  if (name.empty()) return unreadable(studio, "the uploaded picture has no name");
  return folder.empty() ? name : fmt::format("{}/{}", folder, name);
}

/// The picture among the outputs of a finished job: what was saved rather than a preview.
std::optional<std::string> output_path(const Json& outputs) {
  std::optional<std::string> path;
  for (const Json& node : outputs) {
    if (!node.is_object() || !node.contains("images") || !node["images"].is_array()) continue;
    for (const Json& item : node["images"]) {
      if (!item.is_object()) continue;
      const std::string type = item.value("type", "output");
      if (path && type != "output") continue;
      path = "/view" + net::query_text({{"filename", item.value("filename", "")},
                                        {"subfolder", item.value("subfolder", "")},
                                        {"type", type}});
    }
  }
  return path;
}

std::unexpected<Error> failed(const Studio& studio, const Json& status) {
  std::string said;
  for (const Json& message : status.value("messages", Json::array())) {
    if (message.is_array() && message.size() == 2 && message[0] == "execution_error" && message[1].is_object())
      said = message[1].value("exception_message", "");
  }
  return fail(ErrorCode::kRefused, Origin::kTool,
              fmt::format("the workflow failed at {}: {}", studio.server.url, said));
}

Result<Painted> awaited(const Studio& studio, const Job& job, const std::string& id) {
  for (;;) {
    LLMI_TRY(const Json history, get_json(studio, url(studio, "/history/" + id)));
    if (const auto entry = history.find(id); entry != history.end() && entry->is_object()) {
      const Json status = entry->value("status", Json::object());
      if (status.value("status_str", "") == "error") return failed(studio, status);
      if (const auto path = output_path(entry->value("outputs", Json::object()))) {
        LLMI_TRY(std::string bytes, get_bytes(studio, url(studio, *path)));
        return Painted{.bytes = std::move(bytes), .model = studio.server.model, .seed = job.seed & kSeedMask};
      }
      if (status.value("completed", false)) return unreadable(studio, "the workflow saves no picture");
    }
    LLMI_CHECK_OK(pause(studio.context, kBetweenLooks));
  }
}

Result<Painted> paint(const Studio& studio, const Job& job) {
  Json workflow = Json::parse(studio.server.workflow, nullptr, false);
  if (!workflow.is_object())
    return fail(ErrorCode::kInvalidConfig, Origin::kCaller,
                "the workflow file is no JSON object: export it in API format");
  std::string image;
  if (job.picture != nullptr) {
    LLMI_TRY(image, uploaded(studio, *job.picture, job.seed));
  }
  fill(workflow, job, image);
  LLMI_TRY(const Json posted, post_json(studio, url(studio, "/prompt"), {{"prompt", workflow}, {"client_id", "llmi"}}));
  const std::string id = posted.value("prompt_id", "");
  if (id.empty()) return unreadable(studio, "the job has no prompt_id");
  auto result = awaited(studio, job, id);
  if (!result && !studio.context.check()) {
    notify(studio, url(studio, "/queue"), {{"delete", {id}}});
    notify(studio, url(studio, "/interrupt"), {{"prompt_id", id}});
  }
  return result;
}

}  // namespace

const Backend kComfyUi{.name = "comfyui", .needs_workflow = true, .takes_seed = true, .paint = paint};

}  // namespace llmi::tools::pictures
