#include "scaling/enhancing_tool.h"

#include <algorithm>

#include "base/random.h"

namespace llmi::scaling {

tools::Outcome EnhancingTool::run(const RunContext& context, const tools::Request& request) {
  if (chooser_.can_choose(source())) return best_of_several(context, request);
  if (source() == tag::Source::kEdit || source() == tag::Source::kDiffusion) return until_made(context, request);
  return inner().run(context, request);
}

tools::Outcome EnhancingTool::attempt(const RunContext& context, const tools::Request& request, std::size_t number) {
  if (number == 0) return inner().run(context, request);
  RunContext other = context;
  other.seed = derived_seed(context.seed, number);
  tools::Request variant = request;
  variant.variant = number;
  return inner().run(other, variant);
}

tools::Outcome EnhancingTool::until_made(const RunContext& context, const tools::Request& request) {
  tools::Outcome outcome = attempt(context, request, 0);
  for (std::size_t i = 1; i < pictures_ && outcome.made() == nullptr && context.check(); ++i) {
    tools::Outcome next = attempt(context, request, i);
    // Of several faults the first says most.
    if (next.made() != nullptr) outcome = std::move(next);
  }
  return outcome;
}

tools::Outcome EnhancingTool::best_of_several(const RunContext& context, const tools::Request& request) {
  tools::Outcome first = attempt(context, request, 0);
  std::vector<tools::Made> pictures;
  if (first.made() != nullptr) pictures.push_back(*first.made());
  for (std::size_t i = 1; i < pictures_ && context.check(); ++i) {
    tools::Outcome outcome = attempt(context, request, i);
    // Its successors would be refused or missing, too.
    if (outcome.made() == nullptr) break;
    const auto& bytes = outcome.made()->picture.bytes;
    if (std::ranges::none_of(pictures, [&](const tools::Made& made) { return made.picture.bytes == bytes; }))
      pictures.push_back(*outcome.made());
  }
  if (pictures.empty()) return first;
  const std::size_t best = pictures.size() == 1 ? 0 : chooser_.choose(context, request, pictures);
  return {.result = std::move(pictures[best])};
}

}  // namespace llmi::scaling
