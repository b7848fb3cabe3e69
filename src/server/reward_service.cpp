#include "server/reward_service.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "server/openenv.h"
#include "server/route.h"

namespace llmi::server {
namespace {

using Json = nlohmann::json;

struct RouteEntry {
  std::string_view path;
  Route route;
};

constexpr std::array kRoutes{
    RouteEntry{"/v1/reward", reward_route},
    RouteEntry{"/get_reward", openrlhf_route},
    RouteEntry{"/rm", slime_route},
    RouteEntry{"/verify", verify_route},
    RouteEntry{"/seed_session", seed_session_route},
    RouteEntry{"/run_code", run_code_route},
};

constexpr std::array<std::string_view, 3> kReads{"/healthz", "/readyz", "/metrics"};

/// Takes the same time whatever the texts have in common.
bool equal(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

HttpReply wrong_method(const char* allowed) {
  HttpReply reply = error_reply(405, "method", std::string("this route is asked with ") + allowed);
  reply.headers = {{"Allow", allowed}};
  return reply;
}

HttpReply unauthorised() {
  HttpReply reply = error_reply(401, "unauthorised", "send the token as Authorization: Bearer TOKEN");
  reply.headers = {{"WWW-Authenticate", "Bearer"}};
  return reply;
}

/// Parses and routes on a thread that may block. Whatever libraries throw ends here.
void run(const RouteEntry& entry, const RouteContext& context, const HttpRequest& request, const Respond& respond) {
  try {
    const Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) return respond(error_reply(400, "invalid_argument", "the body must be a JSON object"));
    entry.route(context, body, respond);
  } catch (const std::exception& error) {
    respond(error_reply(500, "internal", error.what()));
  }
}

}  // namespace

RewardService::RewardService(Options options)
    : options_(std::move(options)), desk_({.scorer = options_.scorer, .max_open = options_.max_open}, metrics_) {}

bool RewardService::allowed(const std::string& authorization) const {
  return options_.token.empty() || equal(authorization, "Bearer " + options_.token);
}

void RewardService::handle(HttpRequest request, Respond respond) {
  const bool reads = std::ranges::count(kReads, request.path) > 0;
  const auto entry = std::ranges::find(kRoutes, request.path, &RouteEntry::path);
  const bool health = request.path == "/healthz" || request.path == "/readyz";
  if (!health && !allowed(request.authorization)) return respond(unauthorised());
  if (reads && request.method != "GET") return respond(wrong_method("GET"));
  if (request.path == "/readyz" && full()) return respond(full_reply());
  if (health) return respond({.body = R"({"status":"ok"})"});
  if (reads) return respond({.body = metrics_.text(desk_.open()), .content_type = "text/plain; version=0.0.4"});
  if (entry == kRoutes.end()) return respond(error_reply(404, "not_found", "there is no route " + request.path));
  if (request.method != "POST") return respond(wrong_method("POST"));
  const auto begin = Clock::now();
  const Respond counted = [this, begin, path = entry->path, respond = std::move(respond)](HttpReply reply) {
    metrics_.count_request(path, reply.status, Clock::now() - begin);
    respond(std::move(reply));
  };
  // A request that waits to be read takes memory too.
  if (full()) return counted(full_reply());
  ++unread_;
  desk_.post([this, entry, request = std::move(request), counted] {
    --unread_;
    const RouteContext context{desk_, *options_.reader, options_.sandbox, options_.variant};
    run(*entry, context, request, counted);
  });
}

std::unique_ptr<WebSocketPeer> RewardService::open_socket(const std::string& path, const std::string& authorization) {
  if (path != "/ws" || !allowed(authorization)) return nullptr;
  return make_openenv_peer({desk_, *options_.reader, options_.sandbox, options_.variant});
}

}  // namespace llmi::server
