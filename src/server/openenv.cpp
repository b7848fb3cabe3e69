#include "server/openenv.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/random.h"
#include "reward/sample_fields.h"
#include "reward/score_json.h"

namespace llmi::server {
namespace {

using Json = nlohmann::json;
using reward::member;

std::string message(const char* type, const Json& data) {
  return Json{{"type", type}, {"data", data}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string error_message(std::string_view code, std::string_view text) {
  return message("error", {{"message", text}, {"code", code}});
}

std::string observation_message(const Json& observation, const Json& reward, bool done) {
  return message("observation", {{"observation", observation}, {"reward", reward}, {"done", done}});
}

class OpenEnvPeer final : public WebSocketPeer {
 public:
  explicit OpenEnvPeer(const RouteContext& context) : context_(context) {}

  void receive(std::string text, SendText send) override {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return send(error_message("INVALID_JSON", "a message must be a JSON object"));
    const Json& type = member(json, "type");
    const Json& data = member(json, "data");
    if (type == "close") return send("");
    if (type == "state") return send(message("state", state()));
    if (type == "reset") return reset(data, send);
    if (type == "step") return step(data, std::move(send));
    send(error_message("UNKNOWN_TYPE", "a message is of type reset, step, state or close"));
  }

 private:
  [[nodiscard]] Json state() const { return {{"episode_id", episode_}, {"step_count", steps_}}; }

  void reset(const Json& data, const SendText& send) {
    Json fields = data.is_object() ? data : Json::object();
    const Json& given = member(fields, "episode_id");
    const std::string episode = given.is_string() ? given.get<std::string>() : fmt::format("{:016x}", random_seed());
    fields.erase("answer");
    Json probe = reward::flattened(fields);
    probe["answer"] = "";
    const auto plain = reward::read_plain_fields(probe);
    if (!plain) return send(error_message("VALIDATION_ERROR", plain.error().message));
    fields_ = std::move(fields);
    episode_ = episode;
    steps_ = 0;
    done_ = false;
    send(observation_message(observation(plain->prompt, plain->image_num), nullptr, false));
  }

  [[nodiscard]] static Json observation(const std::string& prompt, int image_num) {
    return {{"prompt", prompt}, {"image_num", image_num}, {"status", nullptr}, {"components", Json::object()}};
  }

  void step(const Json& data, SendText send) {
    if (fields_.is_null()) return send(error_message("SESSION_ERROR", "reset comes first"));
    if (done_) return send(error_message("SESSION_ERROR", "the episode is done: reset begins the next one"));
    if (!member(data, "answer").is_string()) return send(error_message("VALIDATION_ERROR", "answer: is required"));
    Json fields = fields_;
    fields["answer"] = data["answer"];
    if (!member(data, "pictures").is_null()) fields["pictures"] = data["pictures"];
    context_.desk.post([this, fields = std::move(fields), send = std::move(send)] { score(fields, send); });
  }

  // The session sends the next message only when this one is answered, so nothing changes meanwhile.
  void score(const Json& fields, const SendText& send) {
    auto sample = context_.reader.read({}, fields);
    if (!sample) return send(error_message("VALIDATION_ERROR", sample.error().message));
    const Json seen = observation(sample->prompt, sample->image_num);
    std::vector<reward::Sample> samples;
    samples.push_back(*std::move(sample));
    const bool taken = context_.desk.score(
        std::move(samples), context_.variant, Deadline::never(),
        [this, seen, send](const std::vector<reward::Score>& scores) { send(finish(seen, scores[0])); });
    if (!taken) send(error_message("CAPACITY_REACHED", "too many samples are waiting: try again later"));
  }

  std::string finish(Json seen, const reward::Score& score) {
    // An outage ends no episode: the step can be taken again.
    if (!score.score) return error_message("EXECUTION_ERROR", score.error ? score.error->message : "there is no score");
    ++steps_;
    done_ = true;
    seen["status"] = name(score.status);
    for (const auto& [name, value] : score.components) seen["components"][name] = value ? Json(*value) : Json();
    return observation_message(seen, *score.score, true);
  }

  const RouteContext context_;
  Json fields_;
  std::string episode_;
  std::size_t steps_ = 0;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<WebSocketPeer> make_openenv_peer(const RouteContext& context) {
  return std::make_unique<OpenEnvPeer>(context);
}

}  // namespace llmi::server
