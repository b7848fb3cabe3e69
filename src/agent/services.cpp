#include "agent/services.h"

namespace llmi::agent {

std::vector<tag::Source> offered(const Services& services) {
  std::vector<tag::Source> sources;
  for (const tools::Tool* tool : services.tools) sources.push_back(tool->source());
  return sources;
}

Plan::Slots slots(const Services& services) {
  Plan::Slots slots{};
  for (const tools::Tool* tool : services.tools)
    slots[static_cast<std::size_t>(tool->source())] = tool->max_concurrent();
  return slots;
}

tools::Tool* tool_of(const Services& services, tag::Source source) {
  for (tools::Tool* tool : services.tools) {
    if (tool->source() == source) return tool;
  }
  return nullptr;
}

void inherit_credits(document::Provenance& made, const document::Provenance& parent) {
  if (!made.licence.empty() || !made.creator.empty()) return;
  made.title = parent.title;
  made.page_url = parent.page_url;
  made.creator = parent.creator;
  made.licence = parent.licence;
  made.licence_url = parent.licence_url;
  made.attribution = parent.attribution;
  if (made.data.empty()) made.data = parent.data;
}

}  // namespace llmi::agent
