#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "net/network.h"
#include "store/cache.h"
#include "tools/tool.h"

namespace llmi::app {

/// The tools of this configuration.
class Toolbox {
 public:
  /// `wanted`: comma-separated names, empty for all. Errors: kInvalidArgument for an unknown name, kUnavailable when a
  /// tool that was asked for by name cannot be used here. Tools that were not asked for by name and cannot be used are
  /// left out.
  [[nodiscard]] static Result<Toolbox> open(const config::Settings& settings,
                                            const std::shared_ptr<net::Network>& network, std::string_view wanted);

  [[nodiscard]] std::vector<tools::Tool*> tools() const;
  [[nodiscard]] store::Cache* cache() const { return cache_.get(); }
  /// Tools that should work on any machine but cannot be used here, with the reason.
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

 private:
  std::vector<std::unique_ptr<tools::Tool>> tools_;
  std::unique_ptr<store::Cache> cache_;
  std::vector<std::string> missing_;
};

/// Makes a tool of the configuration. Errors: kInvalidConfig.
using ToolMaker = Result<std::unique_ptr<tools::Tool>> (*)(const config::Settings& settings,
                                                           const std::shared_ptr<net::Network>& network);

/// One row a tool: what `llmi doctor` checks and Toolbox opens.
struct ToolEntry {
  std::string_view name;
  ToolMaker make;
  /// Needs something that the user sets up; that it is not is nothing to report.
  bool optional = false;
};
[[nodiscard]] const std::vector<ToolEntry>& tool_entries();

[[nodiscard]] Result<std::unique_ptr<tools::Tool>> make_code_tool(const config::Settings& settings,
                                                                  const std::shared_ptr<net::Network>& network);
/// The same, whose plots stay SVG.
[[nodiscard]] Result<std::unique_ptr<tools::Tool>> make_svg_code_tool(const config::Settings& settings,
                                                                      const std::shared_ptr<net::Network>& network);
[[nodiscard]] Result<std::unique_ptr<tools::Tool>> make_edit_tool(const config::Settings& settings,
                                                                  const std::shared_ptr<net::Network>& network);
[[nodiscard]] Result<std::unique_ptr<tools::Tool>> make_diffusion_tool(const config::Settings& settings,
                                                                       const std::shared_ptr<net::Network>& network);

}  // namespace llmi::app
