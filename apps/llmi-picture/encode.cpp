#include "encode.h"

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace llmi::picture {
namespace {

using vips::VImage;

// Share of pixels equal to their left neighbour: photographs stay below a quarter, drawings are far above a half.
constexpr double kEvenShare = 0.45;
constexpr int kJpegQuality = 90;

double even_share(std::span<const unsigned char> pixels, std::size_t bands) {
  std::size_t even = 0;
  const std::size_t count = pixels.size() / bands;
  for (std::size_t i = 1; i < count; ++i) {
    const unsigned char* now = &pixels[i * bands];
    bool same = true;
    for (std::size_t b = 0; b < bands; ++b) same = same && now[b] == *(now + b - bands);
    even += same ? 1 : 0;
  }
  return count > 1 ? static_cast<double>(even) / static_cast<double>(count - 1) : 1;
}

bool opaque(std::span<const unsigned char> pixels, std::size_t bands) {
  for (std::size_t i = bands - 1; i < pixels.size(); i += bands) {
    if (pixels[i] != 255) return false;
  }
  return true;
}

std::string saved(const VImage& image, const char* suffix, vips::VOption* options) {
  void* data = nullptr;
  std::size_t size = 0;
  image.write_to_buffer(suffix, &data, &size, options);
  const std::unique_ptr<void, decltype(&g_free)> owner(data, &g_free);
  return {static_cast<const char*>(data), size};
}

std::string saved_jpeg(const VImage& image) {
  return saved(image, ".jpg",
               VImage::option()
                   ->set("strip", true)
                   ->set("Q", kJpegQuality)
                   ->set("optimize_coding", true)
                   ->set("profile", "none"));
}

}  // namespace

image::Picture encode(const VImage& image) {
  VImage pixels = image.copy_memory();
  const auto size = static_cast<std::size_t>(pixels.width()) * static_cast<std::size_t>(pixels.height()) *
                    static_cast<std::size_t>(pixels.bands());
  const std::span view(static_cast<const unsigned char*>(pixels.data()), size);
  const auto bands = static_cast<std::size_t>(pixels.bands());
  bool transparent = false;
  if (pixels.has_alpha()) {
    transparent = !opaque(view, bands);
    if (!transparent) pixels = pixels.extract_band(0, VImage::option()->set("n", pixels.bands() - 1));
  }
  image::Picture result{.width = pixels.width(), .height = pixels.height()};
  if (transparent || even_share(view, bands) >= kEvenShare) {
    result.format = image::Format::kPng;
    result.bytes = saved(pixels, ".png", VImage::option()->set("strip", true)->set("compression", 6));
  } else {
    result.format = image::Format::kJpeg;
    result.bytes = saved_jpeg(pixels);
  }
  return result;
}

image::Picture encode_jpeg(const VImage& image) {
  VImage pixels = image.copy_memory();
  if (pixels.has_alpha()) pixels = pixels.flatten(VImage::option()->set("background", std::vector<double>{255}));
  return {
      .bytes = saved_jpeg(pixels), .format = image::Format::kJpeg, .width = pixels.width(), .height = pixels.height()};
}

}  // namespace llmi::picture
