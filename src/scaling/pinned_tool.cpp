#include "scaling/pinned_tool.h"

#include "base/sha256.h"

namespace llmi::scaling {
namespace {

std::string key_of(const tools::Request& request) {
  return tag::print({.params = request.tag.params}) +
         (request.parent == nullptr ? "" : sha256_hex(request.parent->bytes));
}

}  // namespace

void PinnedTool::pin(const tools::Request& request, tools::Made made) {
  const std::scoped_lock lock(mutex_);
  pictures_[key_of(request)].push_back(std::move(made));
}

tools::Outcome PinnedTool::run(const RunContext& context, const tools::Request& request) {
  {
    const std::scoped_lock lock(mutex_);
    const auto pinned = pictures_.find(key_of(request));
    if (pinned != pictures_.end() && !pinned->second.empty()) {
      tools::Made made = std::move(pinned->second.front());
      pinned->second.pop_front();
      return {.result = std::move(made)};
    }
  }
  return inner().run(context, request);
}

}  // namespace llmi::scaling
