#include "marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "pixels.h"

namespace llmi::picture {
namespace {

using tools::edit::Colour;
using vips::VImage;

std::string css(const Colour& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

/// The colour of the thin edge around marks.
const char* edge_of(const Colour& colour) {
  return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue > 200 ? "#000000" : "#ffffff";
}

double stroke(const VImage& image) { return std::max(1.5, 0.013 * std::min(image.width(), image.height())); }

/// Our own drawing, as large as the picture, laid over it.
VImage lay(const std::string& shapes, const VImage& image) {
  const std::string svg =
      fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">{2}</svg>)",
                  image.width(), image.height(), shapes);
  return over(image, VImage::new_from_buffer(svg.data(), svg.size(), "").copy_memory(), 0, 0);
}

/// A shape twice: a wider light one below, the coloured one above.
std::string outlined(const std::string& shape, const Colour& colour, double width) {
  return fmt::format(
      R"(<g fill="none" stroke-linejoin="round"><{0} stroke="{1}" stroke-opacity="0.85" stroke-width="{2}"/>)"
      R"(<{0} stroke="{3}" stroke-width="{4}"/></g>)",
      shape, edge_of(colour), width * 1.7, css(colour), width);
}

}  // namespace

VImage draw(const tools::edit::Arrow& arrow, const VImage& image) {
  const double x0 = arrow.from_x.value / 100 * image.width();
  const double y0 = arrow.from_y.value / 100 * image.height();
  const double x1 = arrow.to_x.value / 100 * image.width();
  const double y1 = arrow.to_y.value / 100 * image.height();
  const double length = std::hypot(x1 - x0, y1 - y0);
  if (length < 1) return image;
  const double width = std::min(stroke(image) * 1.3, length / 6);
  const double head = std::min(width * 4.2, length * 0.6);
  // The outline of an arrow that points along the x axis with its tip at the origin; then turned and moved.
  const double h = width / 2;
  const double b = head * 0.46;
  const std::string outline = fmt::format(
      "M{0:.2f} {1:.2f}L{2:.2f} {1:.2f}L{3:.2f} {4:.2f}L0 0L{3:.2f} {5:.2f}L{2:.2f} {6:.2f}L{0:.2f} {6:.2f}Z", -length,
      -h, -head * 0.86, -head, -b, b, h);
  const double angle = std::atan2(y1 - y0, x1 - x0) * 180 / M_PI;
  return lay(
      fmt::format(R"svg(<path transform="translate({:.2f} {:.2f}) rotate({:.3f})" d="{}" fill="{}" stroke="{}" )svg"
                  R"(stroke-opacity="0.9" stroke-width="{:.2f}" stroke-linejoin="round" paint-order="stroke"/>)",
                  x1, y1, angle, outline, css(arrow.colour), edge_of(arrow.colour), width * 0.7),
      image);
}

VImage draw(const tools::edit::Circle& circle, const VImage& image) {
  const int shorter = std::min(image.width(), image.height());
  return lay(outlined(fmt::format(R"(circle cx="{:.2f}" cy="{:.2f}" r="{:.2f}")", circle.x.value / 100 * image.width(),
                                  circle.y.value / 100 * image.height(), circle.radius.value / 100 * shorter),
                      circle.colour, stroke(image)),
             image);
}

VImage draw(const tools::edit::Box& box, const VImage& image) {
  const double width = stroke(image);
  return lay(
      outlined(fmt::format(R"(rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" rx="{:.2f}")",
                           box.left.value / 100 * image.width(), box.top.value / 100 * image.height(),
                           box.width.value / 100 * image.width(), box.height.value / 100 * image.height(), width),
               box.colour, width),
      image);
}

}  // namespace llmi::picture
