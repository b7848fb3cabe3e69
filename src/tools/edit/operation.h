#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/error.h"
#include "tools/edit/values.h"

namespace llmi::tools::edit {

// One struct an operation: its name in the text form and its values in order. Printer and reader follow from
// fields(), so a new operation is a struct here, a line in Operation, and its drawing in apps/llmi-picture.

/// Keeps a rectangle of the picture; "auto" reaches to the edge.
struct Crop {
  static constexpr std::string_view kName = "crop";
  Length left, top, width, height;
  static constexpr auto fields() { return std::tuple{&Crop::left, &Crop::top, &Crop::width, &Crop::height}; }
  bool operator==(const Crop&) const = default;
};

/// Cuts this much off each side.
struct Trim {
  static constexpr std::string_view kName = "trim";
  Length left, top, right, bottom;
  static constexpr auto fields() { return std::tuple{&Trim::left, &Trim::top, &Trim::right, &Trim::bottom}; }
  bool operator==(const Trim&) const = default;
};

/// Keeps the largest centred rectangle of these proportions.
struct CropRatio {
  static constexpr std::string_view kName = "crop_ratio";
  Number<1, 100> width, height;
  static constexpr auto fields() { return std::tuple{&CropRatio::width, &CropRatio::height}; }
  bool operator==(const CropRatio&) const = default;
};

/// Turns clockwise; the picture grows to hold the turned one, and new corners are transparent.
struct Rotate {
  static constexpr std::string_view kName = "rotate";
  Number<-360, 360> degrees;
  static constexpr auto fields() { return std::tuple{&Rotate::degrees}; }
  bool operator==(const Rotate&) const = default;
};

struct Flip {
  static constexpr std::string_view kName = "flip";
  Axis axis = Axis::kHorizontal;
  static constexpr auto fields() { return std::tuple{&Flip::axis}; }
  bool operator==(const Flip&) const = default;
};

/// To exactly this size; "auto" for one side keeps the proportions.
struct Resize {
  static constexpr std::string_view kName = "resize";
  Length width, height;
  static constexpr auto fields() { return std::tuple{&Resize::width, &Resize::height}; }
  bool operator==(const Resize&) const = default;
};

struct Grey {
  static constexpr std::string_view kName = "grey";
  static constexpr auto fields() { return std::tuple{}; }
  bool operator==(const Grey&) const = default;
};

struct Sepia {
  static constexpr std::string_view kName = "sepia";
  static constexpr auto fields() { return std::tuple{}; }
  bool operator==(const Sepia&) const = default;
};

struct Brightness {
  static constexpr std::string_view kName = "brightness";
  Change change;
  static constexpr auto fields() { return std::tuple{&Brightness::change}; }
  bool operator==(const Brightness&) const = default;
};

struct Contrast {
  static constexpr std::string_view kName = "contrast";
  Change change;
  static constexpr auto fields() { return std::tuple{&Contrast::change}; }
  bool operator==(const Contrast&) const = default;
};

struct Saturation {
  static constexpr std::string_view kName = "saturation";
  Change change;
  static constexpr auto fields() { return std::tuple{&Saturation::change}; }
  bool operator==(const Saturation&) const = default;
};

/// More red and less blue, or with a negative change the other way round.
struct Warmth {
  static constexpr std::string_view kName = "warmth";
  Change change;
  static constexpr auto fields() { return std::tuple{&Warmth::change}; }
  bool operator==(const Warmth&) const = default;
};

/// Standard deviation of a Gaussian; per cent of the longer side, so that it looks the same at any size.
struct Blur {
  static constexpr std::string_view kName = "blur";
  Length radius;
  static constexpr auto fields() { return std::tuple{&Blur::radius}; }
  bool operator==(const Blur&) const = default;
};

struct Sharpen {
  static constexpr std::string_view kName = "sharpen";
  Percent<0, 300> amount;
  static constexpr auto fields() { return std::tuple{&Sharpen::amount}; }
  bool operator==(const Sharpen&) const = default;
};

/// A frame around the picture, which keeps its size inside; per cent of the shorter side.
struct Border {
  static constexpr std::string_view kName = "border";
  Colour colour;
  Length width;
  static constexpr auto fields() { return std::tuple{&Border::colour, &Border::width}; }
  bool operator==(const Border&) const = default;
};

/// Text on a band of its own above or below the picture, which it does not cover.
struct Caption {
  static constexpr std::string_view kName = "caption";
  Text text;
  Edge edge = Edge::kBottom;
  static constexpr auto fields() { return std::tuple{&Caption::text, &Caption::edge}; }
  bool operator==(const Caption&) const = default;
};

/// Text over the picture, outlined so that it can be read on any ground.
struct Label {
  static constexpr std::string_view kName = "label";
  Text text;
  Place place = Place::kBottom;
  Colour colour{255, 255, 255};
  static constexpr auto fields() { return std::tuple{&Label::text, &Label::place, &Label::colour}; }
  bool operator==(const Label&) const = default;
};

struct Arrow {
  static constexpr std::string_view kName = "arrow";
  Position from_x, from_y, to_x, to_y;
  Colour colour;
  static constexpr auto fields() {
    return std::tuple{&Arrow::from_x, &Arrow::from_y, &Arrow::to_x, &Arrow::to_y, &Arrow::colour};
  }
  bool operator==(const Arrow&) const = default;
};

/// A ring; the radius is per cent of the shorter side.
struct Circle {
  static constexpr std::string_view kName = "circle";
  Position x, y, radius;
  Colour colour;
  static constexpr auto fields() { return std::tuple{&Circle::x, &Circle::y, &Circle::radius, &Circle::colour}; }
  bool operator==(const Circle&) const = default;
};

/// A rectangle's outline.
struct Box {
  static constexpr std::string_view kName = "box";
  Position left, top, width, height;
  Colour colour;
  static constexpr auto fields() { return std::tuple{&Box::left, &Box::top, &Box::width, &Box::height, &Box::colour}; }
  bool operator==(const Box&) const = default;
};

/// A colour laid over the whole picture.
struct Overlay {
  static constexpr std::string_view kName = "overlay";
  Colour colour;
  Position opacity;
  static constexpr auto fields() { return std::tuple{&Overlay::colour, &Overlay::opacity}; }
  bool operator==(const Overlay&) const = default;
};

/// The picture that the program started with, on the left of what the operations before made of it.
struct SideBySide {
  static constexpr std::string_view kName = "side_by_side";
  static constexpr auto fields() { return std::tuple{}; }
  bool operator==(const SideBySide&) const = default;
};

using Operation =
    std::variant<Crop, Trim, CropRatio, Rotate, Flip, Resize, Grey, Sepia, Brightness, Contrast, Saturation, Warmth,
                 Blur, Sharpen, Border, Caption, Label, Arrow, Circle, Box, Overlay, SideBySide>;
using Program = std::vector<Operation>;
inline constexpr std::size_t kMaxOperations = 32;

/// The canonical text form: `grey`, `caption("Paris 1900", bottom)`. One line.
[[nodiscard]] std::string print(const Operation& operation);
/// One operation a line.
[[nodiscard]] std::string print(const Program& program);

/// Reads the text form: one operation a line, at most kMaxOperations; spaces between values are free.
/// Errors: kInvalidArgument, naming the line and what is expected.
[[nodiscard]] Result<Program> read_program(std::string_view text);

/// The operations for people: "crop, rotate, flip, …".
[[nodiscard]] std::string operation_names();

}  // namespace llmi::tools::edit
