#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"
#include "net/network.h"

namespace llmi::tools::pictures {

/// A picture server as the user configured it.
struct Server {
  std::string url;       ///< With or without the API's suffix.
  std::string key;       ///< Empty: none.
  std::string model;     ///< Empty: the server's own.
  std::string workflow;  ///< ComfyUI: the workflow's JSON.
};

/// A picture to make. The prompt holds no control blocks any more (plain_prompt.h).
struct Job {
  std::string prompt;
  const image::Picture* picture = nullptr;  ///< The picture to change; null: a new one.
  std::uint64_t seed = 0;                   ///< For backends that take one.
};

/// What came back, unchecked.
struct Painted {
  std::string bytes;
  std::string model;                  ///< As the server names it; empty: not said.
  std::optional<std::uint64_t> seed;  ///< The one that was used, where that is known.
};

/// What a backend works with during one job. A place at the server's site is held for its whole length.
struct Studio {
  const RunContext& context;
  net::Network& network;
  const Server& server;
};

/// One kind of picture server. A new one is a file with a Backend and a line in backends().
struct Backend {
  std::string_view name;          ///< As in the configuration.
  std::string_view url;           ///< The public address; empty: the user has to name one.
  std::string_view key_variable;  ///< The usual environment variable of its key; empty: none.
  bool needs_model = false;
  bool needs_workflow = false;
  bool takes_seed = false;  ///< The same seed gives the same picture: results may be cached.

  /// Errors: kForbidden (content policy), kRefused, kUnavailable, kUnreadable (not its reply), kTimeout, kCancelled. A
  /// job that was started and is no longer wanted is cancelled at the server where that is possible.
  Result<Painted> (*paint)(const Studio& studio, const Job& job);
};

[[nodiscard]] std::span<const Backend* const> backends();
[[nodiscard]] const Backend* find_backend(std::string_view name);

extern const Backend kA1111;
extern const Backend kArk;
extern const Backend kComfyUi;
extern const Backend kOpenAiImages;
extern const Backend kQwenImage;
extern const Backend kSdServer;

}  // namespace llmi::tools::pictures
