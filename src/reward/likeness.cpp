#include "reward/likeness.h"

#include <algorithm>
#include <set>
#include <vector>

#include "image/signature.h"

namespace llmi::reward {

Result<std::size_t> count_distinct(const RunContext& context, PictureIntake& intake,
                                   std::span<const SamplePicture> pictures) {
  std::set<std::string_view> hashes;
  std::vector<const SamplePicture*> different;
  for (const SamplePicture& picture : pictures) {
    if (picture.picture && hashes.insert(picture.sha256).second) different.push_back(&picture);
  }
  // One picture is like no other, and more than the judge looks at are not worth the comparison.
  if (different.size() < 2 || different.size() > kMostJudgedPictures) return different.size();
  std::vector<image::Signature> seen;
  std::size_t count = 0;
  for (const SamplePicture* picture : different) {
    const auto signature = intake.signature(context, picture->sha256, *picture->picture);
    if (!signature && signature.error().code != ErrorCode::kUnreadable) return std::unexpected(signature.error());
    const bool known = signature && std::ranges::any_of(seen, [&](const image::Signature& other) {
                         return image::near_identical(*signature, other);
                       });
    if (known) continue;
    ++count;
    if (signature) seen.push_back(*signature);
  }
  return count;
}

}  // namespace llmi::reward
