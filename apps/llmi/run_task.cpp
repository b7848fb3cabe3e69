#include "run_task.h"

#include "open_model.h"
#include "search_setup.h"

namespace llmi::app {

agent::Task task_of(const config::Settings& settings) {
  agent::Task task;
  const std::string guided = settings.text("agent.guided");
  task.guided = guided == "on" ? agent::Guided::kOn : guided == "off" ? agent::Guided::kOff : agent::Guided::kAuto;
  task.sampling.temperature = settings.number("model.temperature");
  task.max_tokens = static_cast<std::size_t>(settings.integer("model.max_tokens"));
  task.limits = {.max_repairs = static_cast<std::size_t>(settings.integer("agent.max_repairs")),
                 .max_critic_retries = static_cast<std::size_t>(settings.integer("agent.max_critic_retries")),
                 .max_pictures = static_cast<std::size_t>(settings.integer("budget.pictures")),
                 .max_tool_calls = static_cast<std::size_t>(settings.integer("budget.tool_calls")),
                 .max_model_tokens = static_cast<std::size_t>(settings.integer("budget.model_tokens")),
                 .max_cost = settings.number("budget.cost")};
  task.prices = token_prices(settings);
  return task;
}

std::function<std::vector<std::string>(std::string_view query)> picture_finder(const config::Settings& settings,
                                                                               const RunContext& context) {
  return [corpora = make_corpora(settings), context](std::string_view query) {
    std::vector<std::string> titles;
    const auto found = corpora->search(context, query, "", 8);
    for (const store::FoundPicture& picture : found.value_or(std::vector<store::FoundPicture>{}))
      titles.push_back(picture.title);
    return titles;
  };
}

}  // namespace llmi::app
