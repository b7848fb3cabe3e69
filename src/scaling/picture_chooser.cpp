#include "scaling/picture_chooser.h"

#include "scaling/reading.h"

namespace llmi::scaling {

std::size_t TitleChooser::choose(const RunContext& /*context*/, const tools::Request& request,
                                 std::span<const tools::Made> pictures) {
  const auto* search = std::get_if<tag::SearchParams>(&request.tag.params);
  const std::string wanted = request.tag.description + " " + (search == nullptr ? "" : search->query);
  std::size_t best = 0;
  double most = -1;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const double share = shared_words(wanted, pictures[i].provenance.title);
    if (share <= most) continue;
    best = i;
    most = share;
  }
  return best;
}

}  // namespace llmi::scaling
