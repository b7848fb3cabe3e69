#include "reward/picture_intake.h"

#include <algorithm>
#include <cmath>

#include "base/sha256.h"
#include "image/decode.h"
#include "image/header.h"

namespace llmi::reward {
namespace {

constexpr double kMostPixels = 784'000;

/// The longest side at which a picture of these proportions has no more pixels than allowed.
int largest_side(const image::Header& header) {
  const image::DecodeLimits usual;
  if (header.width == 0 || header.height == 0) return static_cast<int>(std::sqrt(kMostPixels));
  const auto width = static_cast<double>(header.width);
  const auto height = static_cast<double>(header.height);
  const double scale = std::sqrt(kMostPixels / (width * height));
  return std::clamp(static_cast<int>(scale * std::max(width, height)), 1, usual.max_side);
}

}  // namespace

std::shared_ptr<PictureIntake::Entry> PictureIntake::entry(const std::string& sha256, std::size_t size) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(sha256);
  if (found != entries_.end()) return found->second;
  auto fresh = std::make_shared<Entry>();
  fresh->size = size;
  entries_.emplace(sha256, fresh);
  order_.push_back(sha256);
  used_ += size;
  while (used_ > room_ && order_.size() > 1) {
    const auto oldest = entries_.find(order_.front());
    used_ -= oldest->second->size;
    entries_.erase(oldest);
    order_.pop_front();
  }
  return fresh;
}

Result<PictureIntake::Taken> PictureIntake::take(const RunContext& context, std::string_view bytes) {
  std::string sha256 = sha256_hex(bytes);
  const auto known = entry(sha256, bytes.size());
  const std::scoped_lock lock(known->mutex);
  if (!known->picture) {
    LLMI_TRY(const image::Header header, image::check_header(bytes, {}));
    LLMI_TRY(image::Picture picture, image::decode_untrusted(context, bytes, {.max_side = largest_side(header)}));
    known->picture = std::make_shared<const image::Picture>(std::move(picture));
  }
  return Taken{std::move(sha256), known->picture};
}

Result<image::Signature> PictureIntake::signature(const RunContext& context, const std::string& sha256,
                                                  const image::Picture& picture) {
  const auto known = entry(sha256, picture.bytes.size());
  const std::scoped_lock lock(known->mutex);
  if (!known->signature) {
    LLMI_TRY(known->signature, image::signature(context, picture));
  }
  return *known->signature;
}

}  // namespace llmi::reward
