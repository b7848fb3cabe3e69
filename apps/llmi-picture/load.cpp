#include "load.h"

#include <algorithm>
#include <array>
#include <string>

#include "bitmap.h"
#include "png_chunks.h"

namespace llmi::picture {
namespace {

using vips::VImage;

// Vector pictures have no size of their own worth keeping: an icon is drawn large enough for a page.
constexpr double kVectorSide = 1024;

/// What vips_operation_block_set knows the loaders by.
const char* loader_class(image::Kind kind) {
  switch (kind) {
    case image::Kind::kPng:
      return "VipsForeignLoadPng";
    case image::Kind::kJpeg:
      return "VipsForeignLoadJpeg";
    case image::Kind::kGif:
      return "VipsForeignLoadNsgif";
    case image::Kind::kWebp:
      return "VipsForeignLoadWebp";
    case image::Kind::kTiff:
      return "VipsForeignLoadTiff";
    case image::Kind::kSvg:
      return "VipsForeignLoadSvg";
    case image::Kind::kBmp:
      break;
  }
  return nullptr;
}

VImage from_bitmap(std::string_view bytes, const image::DecodeLimits& limits) {
  const auto pixels = read_bitmap(bytes, limits.max_pixels);
  if (!pixels) throw vips::VError("broken or unusual BMP file");
  VImage image = VImage::new_from_memory(const_cast<unsigned char*>(pixels->data.data()), pixels->data.size(),
                                         pixels->width, pixels->height, pixels->bands, VIPS_FORMAT_UCHAR)
                     .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB))
                     .copy_memory();
  return image.thumbnail_image(limits.max_side,
                               VImage::option()->set("height", limits.max_side)->set("size", VIPS_SIZE_DOWN));
}

VImage open(std::string_view bytes, const char* options) {
  return VImage::new_from_buffer(bytes.data(), bytes.size(), options,
                                 VImage::option()->set("fail_on", VIPS_FAIL_ON_ERROR));
}

VImage from_vector(std::string_view bytes, const image::DecodeLimits& limits) {
  const VImage natural = open(bytes, "");
  const double longest = std::max(natural.width(), natural.height());
  const double wanted = std::min<double>(limits.max_side, std::max(longest, kVectorSide));
  return VImage::new_from_buffer(bytes.data(), bytes.size(), "", VImage::option()->set("scale", wanted / longest));
}

/// A second look at the size, by the library that will allocate for it.
void check_size(const VImage& image, const image::DecodeLimits& limits) {
  const auto pixels = static_cast<std::uint64_t>(image.width()) * static_cast<std::uint64_t>(image.height());
  if (pixels > limits.max_pixels) throw vips::VError("more pixels than allowed");
}

VImage from_raster(std::string_view bytes, const image::DecodeLimits& limits) {
  const VImage header = open(bytes, "");
  check_size(header, limits);
  auto* options = VImage::option()
                      ->set("height", limits.max_side)
                      ->set("size", VIPS_SIZE_DOWN)
                      ->set("fail_on", VIPS_FAIL_ON_ERROR);
  // A conversion between profiles costs time and a rounding step: only where the file asks for one.
  const bool foreign_colours =
      header.interpretation() == VIPS_INTERPRETATION_CMYK || header.get_typeof(VIPS_META_ICC_NAME) != 0;
  if (foreign_colours) options->set("export_profile", "srgb");
  VipsBlob* blob = vips_blob_copy(bytes.data(), bytes.size());
  VImage image = VImage::thumbnail_buffer(blob, limits.max_side, options);
  vips_area_unref(VIPS_AREA(blob));
  return image;
}

/// libvips shows what it has of a file that was cut off; half a picture must not be handed on as a whole one.
void require_whole(bool whole) {
  if (!whole) throw vips::VError("the file is cut off");
}

/// Inside the compressed data 0xFF is escaped, so the last end mark stands behind the last scan's beginning.
bool jpeg_is_whole(std::string_view bytes) {
  const std::size_t end = bytes.rfind("\xFF\xD9");
  const std::size_t scan = bytes.rfind("\xFF\xDA");
  return end != std::string_view::npos && (scan == std::string_view::npos || scan < end);
}

VImage to_srgb(VImage image) {
  if (image.interpretation() != VIPS_INTERPRETATION_sRGB) image = image.colourspace(VIPS_INTERPRETATION_sRGB);
  if (image.format() != VIPS_FORMAT_UCHAR) image = image.cast(VIPS_FORMAT_UCHAR);
  return image;
}

}  // namespace

void allow_only(image::Kind kind) {
  vips_block_untrusted_set(TRUE);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  if (const char* name = loader_class(kind)) vips_operation_block_set(name, FALSE);
}

VImage load(std::string_view bytes, const image::Header& header, const image::DecodeLimits& limits) {
  switch (header.kind) {
    case image::Kind::kBmp:
      return to_srgb(from_bitmap(bytes, limits));
    case image::Kind::kSvg:
      return to_srgb(from_vector(bytes, limits));
    case image::Kind::kPng:
      require_whole(png_is_whole(bytes));
      return to_srgb(from_raster(png_pixels_only(bytes), limits));
    case image::Kind::kJpeg:
      require_whole(jpeg_is_whole(bytes));
      return to_srgb(from_raster(bytes, limits));
    default:
      return to_srgb(from_raster(bytes, limits));
  }
}

}  // namespace llmi::picture
