#include "text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "pixels.h"

namespace llmi::picture {
namespace {

using tools::edit::Colour;
using vips::VImage;

constexpr Colour kPaper{255, 255, 255};
constexpr Colour kInk{38, 38, 38};

/// Pango reads text as markup.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '&'   ? std::string("&amp;")
              : c == '<' ? std::string("&lt;")
              : c == '>' ? std::string("&gt;")
                         : std::string(1, c);
  }
  return result;
}

/// The text's coverage, one band, 255 where there is ink; lines no longer than `width` where words allow.
VImage letters(const std::string& text, double size, int width, const char* weight) {
  return VImage::text(escaped(text).c_str(),
                      VImage::option()
                          ->set("font", fmt::format("Noto Sans {} {}", weight, std::lround(size)).c_str())
                          ->set("width", width)
                          ->set("align", VIPS_ALIGN_CENTRE)
                          ->set("spacing", static_cast<int>(std::lround(size * 0.1)))
                          ->set("dpi", 72));
}

/// Ink of one colour with this coverage.
VImage ink(const VImage& coverage, const Colour& colour) {
  return plain(coverage.width(), coverage.height(), colour, 3)
      .bandjoin(coverage.cast(VIPS_FORMAT_UCHAR))
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

bool is_light(const Colour& colour) { return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue > 140; }

/// A soft halo around letters, so that they stand out from any ground: the blurred coverage, made denser.
VImage halo(const VImage& coverage, int margin) {
  return coverage.gaussblur(std::max(0.8, margin / 3.0)).linear({2.6}, {0}).cast(VIPS_FORMAT_UCHAR);
}

}  // namespace

VImage draw(const tools::edit::Caption& caption, const VImage& image) {
  const double size = std::clamp(0.045 * std::max(image.width(), image.height()), 13.0, 72.0);
  const int padding = static_cast<int>(std::lround(size * 0.75));
  // A narrow picture gets a wider band rather than one word a line.
  const int line = std::max(image.width() - 2 * padding, static_cast<int>(size * 9));
  const VImage coverage = letters(caption.text.value, size, line, "Medium");
  const int width = std::max(image.width(), coverage.width() + 2 * padding);
  const int band_height = coverage.height() + 2 * padding;
  VImage band = plain(width, band_height, kPaper, 3);
  band = over(band, ink(coverage, kInk), (width - coverage.width()) / 2, padding);
  // Picture and caption lie on one sheet, also where the picture is transparent.
  VImage body = plain(width, image.height(), kPaper, 3);
  body = over(body, image, (width - image.width()) / 2, 0);
  const bool below = caption.edge == tools::edit::Edge::kBottom;
  return below ? body.join(band, VIPS_DIRECTION_VERTICAL) : band.join(body, VIPS_DIRECTION_VERTICAL);
}

VImage draw(const tools::edit::Label& label, const VImage& image) {
  const int shorter = std::min(image.width(), image.height());
  const double size = std::clamp(0.08 * shorter, 11.0, 160.0);
  const int margin = static_cast<int>(std::lround(size * 0.3)) + 1;
  const int line = std::max(1, image.width() - 4 * margin);
  const VImage text = letters(label.text.value, size, line, "Bold");
  const VImage coverage = text.embed(margin, margin, text.width() + 2 * margin, text.height() + 2 * margin);
  const auto place = static_cast<int>(label.place);
  const int x = (image.width() - coverage.width()) * (place % 3) / 2 + margin * (1 - place % 3);
  const int y = (image.height() - coverage.height()) * (place / 3) / 2 + margin * (1 - place / 3);
  const Colour around = is_light(label.colour) ? Colour{0, 0, 0} : Colour{255, 255, 255};
  const VImage ground = over(image, ink(halo(coverage, margin), around), x, y);
  return over(ground, ink(coverage, label.colour), x, y);
}

}  // namespace llmi::picture
