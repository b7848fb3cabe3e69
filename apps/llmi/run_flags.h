#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/session.h"
#include "base/error.h"
#include "base/run_context.h"

namespace CLI {
class App;
}

namespace llmi::app {

/// The flags that `write` and `render` share, as typed.
struct RunFlags {
  std::vector<std::filesystem::path> images;
  std::string figures = "any";
  std::string formats = "html,md,json";
  std::string out;
  std::string tools;
  std::string seed;
  std::string deadline;
  bool strict = false;
  bool dry_run = false;
  bool open = false;
};

void add_run_flags(CLI::App& app, RunFlags& flags);

/// What the flags mean. Errors: kInvalidArgument naming the flag.
[[nodiscard]] Result<agent::FigureCount> figure_count(const RunFlags& flags);
[[nodiscard]] Result<std::vector<std::string>> formats(const RunFlags& flags);
[[nodiscard]] Result<RunContext> run_context(const RunFlags& flags, std::stop_token stop);
/// Reads and decodes the input pictures. Errors: kNotFound, kUnreadable naming the file.
[[nodiscard]] Result<std::vector<agent::InputPicture>> input_pictures(const RunContext& context, const RunFlags& flags);

}  // namespace llmi::app
