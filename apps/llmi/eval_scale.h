#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "command.h"
#include "config/settings.h"
#include "eval/generate.h"
#include "eval/tradeoff.h"
#include "net/network.h"

namespace llmi::app {

/// A way of scaling, as `llmi eval --scale` names it: candidates, or candidates:stage+stage. 0 is a plain pass.
struct ScaleSetting {
  std::string name;
  std::string folder;         ///< Below --out.
  config::Settings settings;  ///< With the setting in [scale].
};

/// Errors: kInvalidArgument for a text that names no setting, or one twice.
[[nodiscard]] Result<std::vector<ScaleSetting>> read_scales(const config::Settings& settings,
                                                            std::span<const std::string> texts);

/// Writes documents with the setting; what is given outlives it. The selector's judges are those of [reward], not the
/// one that evaluates.
[[nodiscard]] eval::Write scaled_writing(const ScaleSetting& scale, net::Network& network);

/// Writes scaling.json, scaling.html and, where the code tool works, scaling.svg into `out`, and shows the table.
[[nodiscard]] Result<void> write_tradeoff(const Program& program, std::span<const eval::Arm> arms, std::uint64_t seed,
                                          const std::filesystem::path& out);

}  // namespace llmi::app
