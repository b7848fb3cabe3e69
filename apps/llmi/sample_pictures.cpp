#include "sample_pictures.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "agent/session.h"
#include "base/sha256.h"
#include "run_task.h"

namespace llmi::app {
namespace {

/// Places at a tool over all samples: each one's own session knows only its own calls.
class Places {
 public:
  explicit Places(std::size_t free) : free_(free) {}
  [[nodiscard]] bool enter(const RunContext& context) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return free_ > 0; };
    const bool entered = context.deadline.is_never()
                             ? changed_.wait(lock, context.stop, ready)
                             : changed_.wait_until(lock, context.stop, context.deadline.at(), ready);
    if (entered) --free_;
    return entered;
  }
  void leave() {
    const std::scoped_lock lock(mutex_);
    ++free_;
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t free_;
};

/// A tool with its places that remembers when its server could not be reached.
class WatchedTool final : public tools::Tool {
 public:
  WatchedTool(tools::Tool& tool, Places& places, std::atomic<bool>& unreachable)
      : tool_(tool), places_(places), unreachable_(unreachable) {}
  [[nodiscard]] tag::Source source() const override { return tool_.source(); }
  [[nodiscard]] std::string_view backend() const override { return tool_.backend(); }
  [[nodiscard]] tools::Availability availability() const override { return tool_.availability(); }
  [[nodiscard]] std::size_t max_concurrent() const override { return tool_.max_concurrent(); }
  [[nodiscard]] std::string cache_identity(const RunContext& context, const tools::Request& request) const override {
    return tool_.cache_identity(context, request);
  }
  [[nodiscard]] tools::Quote quote(const tools::Request& request) const override { return tool_.quote(request); }
  [[nodiscard]] std::chrono::milliseconds lifetime() const override { return tool_.lifetime(); }
  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override {
    if (!places_.enter(context))
      return {.result = Fault{Stage::kTimeout, "no place at the tool in time"}, .lasting = false};
    tools::Outcome outcome = tool_.run(context, request);
    places_.leave();
    if (outcome.unreachable) unreachable_ = true;
    return outcome;
  }

 private:
  tools::Tool& tool_;
  Places& places_;
  std::atomic<bool>& unreachable_;
};

/// The tools that all samples share.
struct Workshop {
  const config::Settings& settings;
  const Toolbox& toolbox;
  std::vector<std::unique_ptr<Places>> places{};
};

/// What became of the tags, from the run's events.
void take(const document::Event& event, std::vector<reward::SamplePicture>& pictures) {
  if (const auto* ready = std::get_if<document::FigureReady>(&event.body))
    pictures.push_back({.index = ready->index, .picture = ready->picture, .sha256 = sha256_hex(ready->picture->bytes)});
  if (const auto* failed = std::get_if<document::FigureFailed>(&event.body))
    pictures.push_back({.index = failed->index, .fault = failed->fault});
}

agent::Task task_for(const config::Settings& settings, const reward::Sample& sample) {
  agent::Task task = task_of(settings);
  task.prompt = sample.prompt;
  task.limits.max_repairs = 0;
  task.limits.max_critic_retries = 0;
  for (const auto& input : sample.inputs)
    task.inputs.push_back({.name = fmt::format("input-{}", task.inputs.size()), .file = "", .picture = input});
  return task;
}

Result<void> make(const RunContext& context, const Workshop& workshop, reward::Sample& sample) {
  const Toolbox& toolbox = workshop.toolbox;
  if (!toolbox.missing().empty() && sample.answer.find("<imgen>") != std::string::npos)
    return fail(ErrorCode::kUnavailable, Origin::kTool, toolbox.missing().front());
  std::atomic<bool> unreachable = false;
  std::vector<std::unique_ptr<WatchedTool>> watched;
  agent::Services services{.model = nullptr, .tools = {}, .cache = toolbox.cache()};
  for (std::size_t i = 0; tools::Tool * tool : toolbox.tools()) {
    watched.push_back(std::make_unique<WatchedTool>(*tool, *workshop.places[i++], unreachable));
    services.tools.push_back(watched.back().get());
  }
  std::vector<reward::SamplePicture> pictures;
  LLMI_TRY(const agent::Report report,
           agent::render(context, services, task_for(workshop.settings, sample), sample.answer,
                         [&](const document::Event& event) { take(event, pictures); }));
  LLMI_CHECK_OK(context.check());
  if (report.error) return std::unexpected(*report.error);
  if (unreachable) return fail(ErrorCode::kUnavailable, Origin::kTool, "a picture tool's server cannot be reached");
  sample.pictures = std::move(pictures);
  return {};
}

}  // namespace

reward::PictureMaker sample_picture_maker(const config::Settings& settings, const Toolbox& toolbox) {
  const auto workshop = std::make_shared<Workshop>(Workshop{settings, toolbox});
  for (const tools::Tool* tool : toolbox.tools())
    workshop->places.push_back(std::make_unique<Places>(tool->max_concurrent()));
  return [workshop](const RunContext& context, reward::Sample& sample) { return make(context, *workshop, sample); };
}

}  // namespace llmi::app
