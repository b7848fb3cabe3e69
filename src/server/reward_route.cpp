#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "reward/sample_fields.h"
#include "reward/score_json.h"
#include "server/route.h"

namespace llmi::server {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;
using reward::member;

Result<reward::Variant> variant_of(const RouteContext& context, const Json& body) {
  const Json& value = member(body, "variant");
  if (value.is_null()) return context.variant;
  const auto variant = value.is_string() ? reward::variant_from_name(value.get<std::string>()) : std::nullopt;
  if (!variant) return reward::bad_field("variant", "must be strict or paper");
  return *variant;
}

Result<Deadline> deadline_of(const Json& body) {
  const Json& value = member(body, "deadline_ms");
  if (value.is_null()) return Deadline::never();
  if (!value.is_number() || !(value.get<double>() > 0) || value.get<double>() > 1e12)
    return reward::bad_field("deadline_ms", "must be a number of milliseconds above 0");
  return Deadline::after(std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value.get<double>()))));
}

Result<std::vector<reward::Sample>> samples_of(const RouteContext& context, const Json& body) {
  const Json& list = member(body, "samples");
  if (!list.is_array()) return reward::bad_field("samples", "must be a list of samples");
  std::vector<reward::Sample> samples;
  for (std::size_t i = 0; i < list.size(); ++i) {
    LLMI_TRY(reward::Sample sample, read_sample(context, list[i], fmt::format("samples[{}]", i)));
    samples.push_back(std::move(sample));
  }
  return samples;
}

HttpReply results(reward::Variant variant, const std::vector<reward::Score>& scores) {
  Ordered list = Ordered::array();
  for (const reward::Score& score : scores) list.push_back(reward::to_json(score));
  const Ordered json{{"variant", name(variant)}, {"results", std::move(list)}};
  return {.body = json.dump(-1, ' ', false, Ordered::error_handler_t::replace)};
}

}  // namespace

Result<reward::Sample> read_sample(const RouteContext& context, const Json& fields, const std::string& where) {
  auto sample = context.reader.read({}, fields);
  if (sample) return sample;
  Error error = std::move(sample).error();
  error.message = fmt::format("{}.{}", where, error.message);
  return std::unexpected(std::move(error));
}

HttpReply full_reply() {
  HttpReply reply = error_reply(503, "full", "too many samples are waiting: try again later");
  reply.headers = {{"Retry-After", "1"}};
  return reply;
}

HttpReply no_score_reply(const reward::Score& score) {
  const std::string code = score.error ? score.error->code : "unavailable";
  HttpReply reply = error_reply(503, code, score.error ? score.error->message : "there is no score");
  reply.headers = {{"Retry-After", "1"}};
  return reply;
}

void reward_route(const RouteContext& context, const Json& body, const Respond& respond) {
  const auto variant = variant_of(context, body);
  if (!variant) return respond(error_reply(variant.error()));
  const auto deadline = deadline_of(body);
  if (!deadline) return respond(error_reply(deadline.error()));
  auto samples = samples_of(context, body);
  if (!samples) return respond(error_reply(samples.error()));
  const bool taken = context.desk.score(
      *std::move(samples), *variant, *deadline,
      [respond, variant = *variant](const std::vector<reward::Score>& scores) { respond(results(variant, scores)); });
  if (!taken) respond(full_reply());
}

}  // namespace llmi::server
