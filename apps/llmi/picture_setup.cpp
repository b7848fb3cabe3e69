#include "picture_setup.h"

#include <fmt/format.h>

#include "base/file.h"
#include "connections.h"
#include "image/decode.h"
#include "tools/pictures/picture_tool.h"

namespace llmi::app {
namespace {

using tools::pictures::Backend;
using tools::pictures::Server;

constexpr std::size_t kLargestWorkflow = std::size_t{4} << 20;

/// [diffusion] or [edit].
class Table {
 public:
  Table(const config::Settings& settings, tag::Source source) : settings_(settings), name_(tag::name(source)) {}

  [[nodiscard]] std::string key(std::string_view name) const { return fmt::format("{}.{}", name_, name); }
  [[nodiscard]] std::string text(std::string_view name) const { return settings_.text(key(name)); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::unexpected<Error> needs(std::string_view what) const {
    return fail(ErrorCode::kInvalidConfig, Origin::kCaller,
                fmt::format("{}: {} is {}, which needs {}", settings_.place(key("backend")), key("backend"),
                            text("backend"), what));
  }

 private:
  const config::Settings& settings_;
  std::string name_;
};

Result<Server> server_of(const config::Settings& settings, const Table& table, const Backend& backend) {
  Server server{.url = table.text("url"), .model = table.text("model")};
  if (server.url.empty()) server.url = backend.url;
  if (server.url.empty()) return table.needs(fmt::format("an address: set {}", table.key("url")));
  if (backend.needs_model && server.model.empty())
    return table.needs(fmt::format("a model: set {}", table.key("model")));
  const std::string usual(backend.key_variable);
  LLMI_TRY(server.key,
           secret(settings, table.name(), usual.empty() || !table.text("url").empty() ? nullptr : usual.c_str()));
  if (!backend.needs_workflow) return server;
  if (table.text("workflow").empty())
    return table.needs(fmt::format("your workflow in API format: set {}", table.key("workflow")));
  LLMI_TRY(server.workflow, read_file(table.text("workflow"), kLargestWorkflow));
  return server;
}

}  // namespace

Result<std::unique_ptr<tools::Tool>> make_picture_tool(const config::Settings& settings,
                                                       const std::shared_ptr<net::Network>& network,
                                                       tag::Source source) {
  const Table table(settings, source);
  const Backend* backend = tools::pictures::find_backend(table.text("backend"));
  if (backend == nullptr) return nullptr;
  LLMI_TRY(Server server, server_of(settings, table, *backend));
  auto command = settings.list(table.key("command"));
  if (!command.empty() && table.text("url").empty())
    return table.needs(fmt::format("{} beside {}, to say where it listens", table.key("url"), table.key("command")));
  std::shared_ptr<tools::pictures::ManagedServer> managed;
  if (!command.empty()) managed = std::make_shared<tools::pictures::ManagedServer>(server.url, std::move(command));
  return std::make_unique<tools::PictureTool>(tools::PictureTool::Options{
      .source = source,
      .backend = backend,
      .server = std::move(server),
      .network = network,
      .managed = std::move(managed),
      .decoder = [](const RunContext& context,
                    std::string_view bytes) { return image::decode_untrusted(context, bytes); },
      .max_concurrent = static_cast<std::size_t>(settings.integer(table.key("max_concurrent"))),
      .timeout = settings.duration(table.key("timeout")),
      .price = settings.number(table.key("price"))});
}

}  // namespace llmi::app
