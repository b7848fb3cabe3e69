#include "operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "marks.h"
#include "pixels.h"
#include "text.h"

namespace llmi::picture {
namespace {

namespace edit = tools::edit;
using edit::Length;
using vips::VImage;

constexpr double kMaxPixelCount = 40e6;

/// Pixels of a length along a side; "auto" is `otherwise`.
int pixels(const Length& length, int side, int otherwise) {
  if (length.unit == Length::Unit::kAuto) return otherwise;
  const double value = length.unit == Length::Unit::kPixels ? length.value : length.value / 100 * side;
  return static_cast<int>(std::lround(value));
}

void check_result(double width, double height) {
  if (width < 1 || height < 1) throw BadEdit("nothing would be left of the picture");
  if (width > edit::kMaxPixels || height > edit::kMaxPixels || width * height > kMaxPixelCount)
    throw BadEdit(fmt::format("the result would be too large ({:.0f} x {:.0f} pixels)", width, height));
}

VImage area(const VImage& image, int left, int top, int right, int bottom) {
  left = std::clamp(left, 0, image.width());
  top = std::clamp(top, 0, image.height());
  right = std::clamp(right, 0, image.width());
  bottom = std::clamp(bottom, 0, image.height());
  check_result(right - left, bottom - top);
  return image.extract_area(left, top, right - left, bottom - top);
}

VImage matrix(std::vector<double> rows) { return VImage::new_matrix(3, 3, rows.data(), static_cast<int>(rows.size())); }

/// Towards (amount 0) or away from (above 1) the grey of the same lightness; the weights are those of Rec. 709.
VImage saturated(const VImage& image, double amount) {
  const double r = 0.2126 * (1 - amount);
  const double g = 0.7152 * (1 - amount);
  const double b = 0.0722 * (1 - amount);
  const VImage weights = matrix({r + amount, g, b, r, g + amount, b, r, g, b + amount});
  return on_colours(image, [&](const VImage& colours) { return colours.recomb(weights); });
}

VImage scaled(const VImage& image, double width, double height) {
  check_result(width, height);
  return on_premultiplied(image, [&](const VImage& picture) {
    return picture.resize(width / image.width(), VImage::option()->set("vscale", height / image.height()));
  });
}

/// One overload an operation; `original` is what the program began with.
struct Apply {
  const VImage& image;
  const VImage& original;

  VImage operator()(const edit::Crop& op) const {
    const int left = pixels(op.left, image.width(), 0);
    const int top = pixels(op.top, image.height(), 0);
    return area(image, left, top, left + pixels(op.width, image.width(), image.width() - left),
                top + pixels(op.height, image.height(), image.height() - top));
  }

  VImage operator()(const edit::Trim& op) const {
    return area(image, pixels(op.left, image.width(), 0), pixels(op.top, image.height(), 0),
                image.width() - pixels(op.right, image.width(), 0),
                image.height() - pixels(op.bottom, image.height(), 0));
  }

  VImage operator()(const edit::CropRatio& op) const {
    const double ratio = op.width.value / op.height.value;
    const int width = std::min(image.width(), static_cast<int>(std::lround(image.height() * ratio)));
    const int height = std::min(image.height(), static_cast<int>(std::lround(image.width() / ratio)));
    const int left = (image.width() - width) / 2;
    const int top = (image.height() - height) / 2;
    return area(image, left, top, left + width, top + height);
  }

  VImage operator()(const edit::Rotate& op) const {
    const double degrees = std::fmod(op.degrees.value + 360, 360);
    if (degrees == 0) return image;
    if (degrees == 90) return image.rot90();
    if (degrees == 180) return image.rot180();
    if (degrees == 270) return image.rot270();
    const double turn = degrees * M_PI / 180;
    check_result(std::abs(image.width() * std::cos(turn)) + std::abs(image.height() * std::sin(turn)),
                 std::abs(image.width() * std::sin(turn)) + std::abs(image.height() * std::cos(turn)));
    return with_alpha(image)
        .rotate(degrees, VImage::option()
                             ->set("interpolate", vips::VInterpolate::new_from_name("bicubic"))
                             ->set("background", std::vector<double>{0, 0, 0, 0}))
        .cast(VIPS_FORMAT_UCHAR);
  }

  VImage operator()(const edit::Flip& op) const {
    return image.flip(op.axis == edit::Axis::kHorizontal ? VIPS_DIRECTION_HORIZONTAL : VIPS_DIRECTION_VERTICAL);
  }

  VImage operator()(const edit::Resize& op) const {
    double width = pixels(op.width, image.width(), 0);
    double height = pixels(op.height, image.height(), 0);
    if (op.width.unit == Length::Unit::kAuto) width = std::round(height * image.width() / image.height());
    if (op.height.unit == Length::Unit::kAuto) height = std::round(width * image.height() / image.width());
    return scaled(image, std::max(width, 1.0), std::max(height, 1.0));
  }

  VImage operator()(const edit::Grey&) const { return saturated(image, 0); }

  VImage operator()(const edit::Sepia&) const {
    const VImage weights = matrix({0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131});
    return on_colours(image, [&](const VImage& colours) { return colours.recomb(weights); });
  }

  VImage operator()(const edit::Brightness& op) const {
    return on_colours(image, [&](const VImage& colours) { return colours.linear({1 + op.change.value / 100}, {0}); });
  }

  VImage operator()(const edit::Contrast& op) const {
    const double factor = 1 + op.change.value / 100;
    return on_colours(image, [&](const VImage& colours) { return colours.linear({factor}, {127.5 * (1 - factor)}); });
  }

  VImage operator()(const edit::Saturation& op) const { return saturated(image, 1 + op.change.value / 100); }

  VImage operator()(const edit::Warmth& op) const {
    const double shift = std::clamp(op.change.value / 100, -1.0, 1.0) / 2;
    return on_colours(image,
                      [&](const VImage& colours) { return colours.linear({1 + shift, 1, 1 - shift}, {0, 0, 0}); });
  }

  VImage operator()(const edit::Blur& op) const {
    const double longer = std::max(image.width(), image.height());
    const double sigma = op.radius.unit == Length::Unit::kPixels ? op.radius.value : op.radius.value / 100 * longer;
    if (sigma < 0.2) return image;
    if (sigma > longer / 4) throw BadEdit("the blur is wider than the picture");
    return on_premultiplied(image, [&](const VImage& picture) { return picture.gaussblur(sigma); });
  }

  VImage operator()(const edit::Sharpen& op) const {
    const double sigma = std::max(0.8, 0.0012 * std::max(image.width(), image.height()));
    return on_colours(image, [&](const VImage& colours) {
      const VImage detail = colours.cast(VIPS_FORMAT_FLOAT) - colours.gaussblur(sigma);
      return colours + detail * (op.amount.value / 100);
    });
  }

  VImage operator()(const edit::Border& op) const {
    const int width = std::max(1, pixels(op.width, std::min(image.width(), image.height()), 0));
    check_result(image.width() + 2 * width, image.height() + 2 * width);
    return image.embed(
        width, width, image.width() + 2 * width, image.height() + 2 * width,
        VImage::option()->set("extend", VIPS_EXTEND_BACKGROUND)->set("background", bands_of(op.colour, image.bands())));
  }

  VImage operator()(const edit::Caption& op) const { return draw(op, image); }
  VImage operator()(const edit::Label& op) const { return draw(op, image); }
  VImage operator()(const edit::Arrow& op) const { return draw(op, image); }
  VImage operator()(const edit::Circle& op) const { return draw(op, image); }
  VImage operator()(const edit::Box& op) const { return draw(op, image); }

  VImage operator()(const edit::Overlay& op) const {
    const double opacity = op.opacity.value / 100;
    std::vector<double> added = bands_of(op.colour, 3);
    for (double& value : added) value *= opacity;
    const std::vector<double> kept(3, 1 - opacity);
    return on_colours(image, [&](const VImage& colours) { return colours.linear(kept, added); });
  }

  VImage operator()(const edit::SideBySide&) const {
    const double height = image.height();
    const double width = std::round(original.width() * height / original.height());
    const int gap = std::max(2, static_cast<int>(std::lround(0.015 * (width + image.width()))));
    check_result(width + gap + image.width(), height);
    VImage left = scaled(original, width, height);
    VImage right = image;
    if (left.has_alpha() || right.has_alpha()) {
      left = with_alpha(left);
      right = with_alpha(right);
    }
    std::vector<double> between = bands_of({255, 255, 255}, left.bands());
    if (left.has_alpha()) between.back() = 0;
    return left.join(right, VIPS_DIRECTION_HORIZONTAL, VImage::option()->set("shim", gap)->set("background", between));
  }
};

}  // namespace

VImage run_program(const edit::Program& program, const VImage& original) {
  VImage image = original;
  for (const edit::Operation& operation : program) {
    image = std::visit(Apply{image, original}, operation).copy_memory();
    check_result(image.width(), image.height());
  }
  return image;
}

}  // namespace llmi::picture
