#include "signature.h"

#include <memory>

#include "image/signature.h"

namespace llmi::picture {

image::Picture signature(const vips::VImage& image) {
  constexpr int kSide = image::kSignatureSide;
  const vips::VImage opaque =
      image.has_alpha() ? image.flatten(vips::VImage::option()->set("background", 255.0)) : image;
  const vips::VImage small =
      opaque.thumbnail_image(kSide, vips::VImage::option()->set("height", kSide)->set("size", VIPS_SIZE_FORCE))
          .colourspace(VIPS_INTERPRETATION_B_W)
          .cast(VIPS_FORMAT_UCHAR);
  std::size_t size = 0;
  const std::unique_ptr<void, decltype(&g_free)> values(small.extract_band(0).write_to_memory(&size), &g_free);
  return {.bytes = std::string(static_cast<const char*>(values.get()), size), .width = kSide, .height = kSide};
}

}  // namespace llmi::picture
