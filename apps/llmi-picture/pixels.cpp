#include "pixels.h"

namespace llmi::picture {

using vips::VImage;

VImage with_alpha(const VImage& image) { return image.has_alpha() ? image : image.bandjoin_const({255}); }

VImage on_colours(const VImage& image, const std::function<VImage(const VImage&)>& change) {
  if (!image.has_alpha()) return change(image).cast(VIPS_FORMAT_UCHAR);
  const VImage colours = image.extract_band(0, VImage::option()->set("n", image.bands() - 1));
  return change(colours).cast(VIPS_FORMAT_UCHAR).bandjoin(image.extract_band(image.bands() - 1));
}

VImage on_premultiplied(const VImage& image, const std::function<VImage(const VImage&)>& change) {
  if (!image.has_alpha()) return change(image).cast(VIPS_FORMAT_UCHAR);
  return change(image.premultiply()).unpremultiply().cast(VIPS_FORMAT_UCHAR);
}

std::vector<double> bands_of(const tools::edit::Colour& colour, int bands) {
  std::vector<double> values{static_cast<double>(colour.red), static_cast<double>(colour.green),
                             static_cast<double>(colour.blue)};
  if (bands == 4) values.push_back(255);
  return values;
}

VImage plain(int width, int height, const tools::edit::Colour& colour, int bands) {
  return VImage::black(width, height)
      .new_from_image(bands_of(colour, bands))
      .cast(VIPS_FORMAT_UCHAR)
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

VImage over(const VImage& bottom, const VImage& top, int x, int y) {
  VImage mixed =
      bottom.composite2(top, VIPS_BLEND_MODE_OVER, VImage::option()->set("x", x)->set("y", y)).cast(VIPS_FORMAT_UCHAR);
  // Compositing adds transparency, which an opaque ground cannot have.
  if (bottom.has_alpha()) return mixed;
  return mixed.extract_band(0, VImage::option()->set("n", 3));
}

}  // namespace llmi::picture
