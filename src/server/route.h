#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reward/sample_reader.h"
#include "reward/score.h"
#include "sandbox/pool.h"
#include "server/http.h"
#include "server/score_desk.h"

namespace llmi::server {

/// What a route works with, on a thread that may block.
struct RouteContext {
  ScoreDesk& desk;
  const reward::SampleReader& reader;
  sandbox::Pool* sandbox;
  reward::Variant variant;
};

/// Answers a request whose body is a JSON object.
using Route = void (*)(const RouteContext& context, const nlohmann::json& body, const Respond& respond);

/// A sample of an object with a sample's fields. Errors: as SampleReader, the message behind `where`.
[[nodiscard]] Result<reward::Sample> read_sample(const RouteContext& context, const nlohmann::json& fields,
                                                 const std::string& where);
/// 503 with Retry-After: too many samples are open.
[[nodiscard]] HttpReply full_reply();
/// 503: a sample has no score, and no number must stand for one.
[[nodiscard]] HttpReply no_score_reply(const reward::Score& score);

void reward_route(const RouteContext& context, const nlohmann::json& body, const Respond& respond);    ///< /v1/reward
void openrlhf_route(const RouteContext& context, const nlohmann::json& body, const Respond& respond);  ///< /get_reward
void slime_route(const RouteContext& context, const nlohmann::json& body, const Respond& respond);     ///< /rm
void seed_session_route(const RouteContext& context, const nlohmann::json& body, const Respond& respond);  ///< NeMo Gym
void verify_route(const RouteContext& context, const nlohmann::json& body, const Respond& respond);        ///< NeMo Gym
void run_code_route(const RouteContext& context, const nlohmann::json& body,
                    const Respond& respond);  ///< SandboxFusion

}  // namespace llmi::server
