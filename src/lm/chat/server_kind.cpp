#include "lm/chat/server_kind.h"

#include <algorithm>
#include <array>

namespace llmi::lm::chat {
namespace {

constexpr std::array kProfiles{
    ServerProfile{ServerKind::kOpenAi, "openai", "/v1", "/chat/completions", "", TagConstraint::kNone, false},
    ServerProfile{ServerKind::kLlamaServer, "llama-server", "/v1", "/chat/completions", "llamacpp",
                  TagConstraint::kLazyGrammar, true},
    ServerProfile{ServerKind::kVllm, "vllm", "/v1", "/chat/completions", "vllm", TagConstraint::kStructuralTag, true},
    ServerProfile{ServerKind::kSglang, "sglang", "/v1", "/chat/completions", "sglang", TagConstraint::kStructuralTag,
                  true},
    ServerProfile{ServerKind::kOllama, "ollama", "/api", "/chat", "library", TagConstraint::kNone, false},
};

}  // namespace

std::span<const ServerProfile> profiles() { return kProfiles; }

const ServerProfile& profile(ServerKind kind) { return kProfiles[static_cast<std::size_t>(kind)]; }

std::optional<ServerKind> server_kind(std::string_view name) {
  const auto* found = std::ranges::find(kProfiles, name, &ServerProfile::name);
  return found == kProfiles.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<ServerKind> kind_of_owner(std::string_view owner) {
  if (owner.empty()) return std::nullopt;
  const auto* found = std::ranges::find(kProfiles, owner, &ServerProfile::owner);
  return found == kProfiles.end() ? std::nullopt : std::optional(found->kind);
}

}  // namespace llmi::lm::chat
