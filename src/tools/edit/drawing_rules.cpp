#include <algorithm>
#include <array>

#include "tools/edit/rules.h"
#include "tools/edit/value_text.h"

namespace llmi::tools::edit {
namespace {

constexpr Colour kRed{220, 38, 38};

struct Point {
  double x = 50;
  double y = 50;
};

bool contains(std::string_view words, std::string_view word) { return words.find(word) != std::string_view::npos; }

/// Where in the picture, in per cent, a place like "top left" is. Not the very corner: something is to be seen there.
Point point_at(std::string_view place) {
  constexpr double kNear = 17;
  constexpr double kFar = 83;
  return {.x = contains(place, "left")    ? kNear
               : contains(place, "right") ? kFar
                                          : 50,
          .y = contains(place, "top")      ? kNear
               : contains(place, "bottom") ? kFar
                                           : 50};
}

Place place_of(std::string_view place) {
  const int row = contains(place, "top") ? 0 : contains(place, "bottom") ? 2 : 1;
  const int column = contains(place, "left") ? 0 : contains(place, "right") ? 2 : 1;
  return static_cast<Place>(row * 3 + column);
}

Colour colour_or(const Captures& captures, Colour otherwise) {
  return captures.colours.empty() ? otherwise : captures.colours.front();
}

// --- Border

std::optional<Program> border(const Captures& captures) {
  Length width{.value = captures.has("thin") ? 1.0 : captures.has("thick") ? 6.0 : 3.0};
  if (!captures.numbers.empty()) {
    width.value = captures.numbers.front();
    if (captures.has("pixels")) width.unit = Length::Unit::kPixels;
  }
  const double most = width.unit == Length::Unit::kPixels ? 1000 : 50;
  if (width.value <= 0 || width.value > most) return std::nullopt;
  return Program{Border{colour_or(captures, {0, 0, 0}), width}};
}

// --- Text

std::optional<Program> caption(const Captures& captures) {
  if (captures.texts.size() != 1 || !is_sound(Text{captures.texts[0]})) return std::nullopt;
  const bool top = captures.has("above") || (captures.has("title") && !captures.has("below"));
  return Program{Caption{{captures.texts[0]}, top ? Edge::kTop : Edge::kBottom}};
}

std::optional<Program> label(const Captures& captures) {
  if (captures.texts.size() != 1 || !is_sound(Text{captures.texts[0]})) return std::nullopt;
  const Place place = captures.places.empty() ? Place::kBottom : place_of(captures.places.front());
  return Program{Label{{captures.texts[0]}, place, colour_or(captures, {255, 255, 255})}};
}

// --- Marks

/// An arrow with its tip at `to`, coming from the side where there is room.
Arrow arrow_to(Point to, Colour colour) {
  constexpr double kLength = 30;
  Point from = to;
  from.x += to.x < 50 ? kLength : to.x > 50 ? -kLength : 0;
  from.y += to.y < 50 ? kLength : to.y > 50 ? -kLength : 0;
  if (to.x == 50 && to.y == 50) from = {.x = 50 + kLength * 0.9, .y = 50 - kLength * 0.9};
  return {{from.x}, {from.y}, {to.x}, {to.y}, colour};
}

std::optional<Program> arrow(const Captures& captures) {
  const Colour colour = colour_or(captures, kRed);
  if (captures.places.empty()) return std::nullopt;
  if (captures.places.size() == 1) return Program{arrow_to(point_at(captures.places[0]), colour)};
  const Point from = point_at(captures.places[0]);
  const Point to = point_at(captures.places[1]);
  if (from.x == to.x && from.y == to.y) return std::nullopt;
  return Program{Arrow{{from.x}, {from.y}, {to.x}, {to.y}, colour}};
}

std::optional<Program> arrow_in_direction(const Captures& captures) {
  const Colour colour = colour_or(captures, kRed);
  if (captures.has("left")) return Program{Arrow{{65}, {50}, {35}, {50}, colour}};
  if (captures.has("right")) return Program{Arrow{{35}, {50}, {65}, {50}, colour}};
  if (captures.has("up")) return Program{Arrow{{50}, {65}, {50}, {35}, colour}};
  return Program{Arrow{{50}, {35}, {50}, {65}, colour}};
}

std::optional<Program> circle(const Captures& captures) {
  const Point at = captures.places.empty() ? Point{} : point_at(captures.places.front());
  const double radius = captures.has("small") ? 10 : captures.has("large") ? 40 : captures.has("whole") ? 47 : 20;
  // A ring near a corner must not leave the picture.
  const double most = std::min({at.x, 100 - at.x, at.y, 100 - at.y}) - 2;
  return Program{Circle{{at.x}, {at.y}, {std::min(radius, most)}, colour_or(captures, kRed)}};
}

std::optional<Program> box(const Captures& captures) {
  const Point at = captures.places.empty() ? Point{} : point_at(captures.places.front());
  const double side = captures.has("small") ? 20 : captures.has("large") ? 60 : 34;
  const double left = std::clamp(at.x - side / 2, 2.0, 98 - side);
  const double top = std::clamp(at.y - side / 2, 2.0, 98 - side);
  return Program{Box{{left}, {top}, {side}, {side}, colour_or(captures, kRed)}};
}

/// A box around a half, a third or a quarter; a small margin keeps its lines inside the picture.
std::optional<Program> box_around_part(const Captures& captures) {
  constexpr double kMargin = 2;
  const double share = captures.has("third") ? 100.0 / 3 : captures.has("whole") ? 100 : 50;
  const bool corner =
      (captures.has("top") || captures.has("bottom")) && (captures.has("left") || captures.has("right"));
  if (captures.has("quarter") && !corner) return std::nullopt;
  Box result{{kMargin}, {kMargin}, {100 - 2 * kMargin}, {100 - 2 * kMargin}, colour_or(captures, kRed)};
  if (captures.has("left") || captures.has("right")) {
    result.left.value = captures.has("left") ? kMargin : 100 - share + kMargin;
    result.width.value = share - 2 * kMargin;
  }
  if (captures.has("top") || captures.has("bottom")) {
    result.top.value = captures.has("top") ? kMargin : 100 - share + kMargin;
    result.height.value = share - 2 * kMargin;
  }
  return Program{result};
}

// --- Overlay

std::optional<Program> overlay(const Captures& captures) {
  if (captures.colours.empty()) return std::nullopt;
  double opacity = captures.has("light") ? 15 : captures.has("strong") ? 50 : 30;
  if (!captures.numbers.empty()) opacity = captures.numbers.front();
  if (captures.has("transparency")) opacity = 100 - opacity;
  if (opacity <= 0 || opacity > 95) return std::nullopt;
  return Program{Overlay{captures.colours.front(), {opacity}}};
}

const std::array kRules{
    // Border
    Rule{"[<add>] [<a>] [<thickness>] [<colour>] [<thickness>] [<colour>] <frame> [<colour>] [<frame_more>] "
         "[<frame_more>] [hinzu] [<frame_more>]",
         border},
    Rule{"(frame|border|rahme|encadre) [<it>] [with|in|mit|en|de] [<a>] [<thickness>] [<colour>] [<thickness>] "
         "[<frame>] [ein]",
         border},
    Rule{"(put|place|set) <it> in <a> [<thickness>] [<colour>] [<thickness>] <frame>", border},
    Rule{"(surround|outline) <it> (with|by|in) [<a>] [<thickness>] [<colour>] [<frame>]", border},
    // Caption: a band of its own
    Rule{"[<add>] [<a>] [short|bold|large|small|neat] <caption_word> [<caption_place>] [:] [<quote_intro>] [:] <text> "
         "[<caption_place>] [to <it>] [hinzu]",
         caption},
    Rule{"(caption|title =title|entitle =title|label|beschrifte|légende) [<it>] [with|as|mit|avec] [:] <text> "
         "[<caption_place>]",
         caption},
    Rule{"<add> [<a>] [text|words|word|texte] [:] <text> [as [<a>] <caption_word>] <caption_place>", caption},
    Rule{"<add> <text> as [<a>] <caption_word> [<caption_place>]", caption},
    Rule{"(write|schreibe|schreib|écris|écrire|écrivez|put|print|type) [<a>] [text|words|word|texte] [:] <text> "
         "[<caption_place>]",
         caption},
    Rule{"(write|schreibe|schreib|écris|put) <caption_place> [<a>] [text|words|word] [:] <text>", caption},
    // Label: over the picture
    Rule{"<add> [<a>] [<colour>] [<label_word>] [:|<quote_intro>] <text> [<label_more>] (<at> <place>|over <it>|on "
         "<it>|on top of <it>|across <it>) [<label_more>] [hinzu]",
         label},
    Rule{"<add> [<a>] [<colour>] <label_word> [:|<quote_intro>] <text> [<label_more>] [to <it>]", label},
    Rule{
        "(write|schreibe|schreib|écris|put|print|overlay|draw) [<a>] [text|words|word|texte] [:] <text> [<label_more>] "
        "(<at> <place>|over <it>|on <it>|on top of <it>|across <it>) [<label_more>]",
        label},
    Rule{"(write|put) [<label_more>] <at> <place> [<label_more>] [:] <text>", label},
    Rule{"overlay [<a>] [text|words] <text>", label},
    Rule{"label <place> [with|as] <text>", label},
    // Arrow
    Rule{"<add> [<a>] [<size>] [<colour>] <arrow_word> [<colour>] [in <colour>] [<pointing>] <toward> <place> [in "
         "<colour>]",
         arrow},
    Rule{"[<a>] [<size>] [<colour>] <arrow_word> [in <colour>] [<pointing>] <toward> <place>", arrow},
    Rule{"point [<a>] [<colour>] <arrow_word> <toward> <place>", arrow},
    Rule{"point <toward> <place> with [<a>] [<colour>] <arrow_word>", arrow},
    Rule{"<add> [<a>] [<colour>] <arrow_word> [in <colour>] [going|pointing|running] (from|von) <place> "
         "(to|towards|toward|nach|zu) <place> [in <colour>]",
         arrow},
    Rule{"<add> [<a>] [<colour>] <arrow_word> [in <colour>] [<pointing>] [to the] <direction> [in <colour>]",
         arrow_in_direction},
    // Circle
    Rule{"<add> [<a>] [<size>] [<colour>] <circle_word> [<colour>] [in <colour>] "
         "(around|round|at|in|over|on|about|um|autour de|dans) <place> [in <colour>]",
         circle},
    Rule{"(circle|encircle|umkreise|entoure) <place> [in <colour>|with [<a>] <colour> (circle|ring)]", circle},
    Rule{"<add> [<a>] [<size>] [<colour>] <circle_word> (around <it> =whole)", circle},
    // Box
    Rule{"<add> [<a>] [<size>] [<colour>] <box_word> [in <colour>] (around|round|over|at|on|in|about|um|autour de) "
         "<place> [in <colour>]",
         box},
    Rule{"<add> [<a>] [<colour>] <box_word> [in <colour>] (around|round|over|on|about|um|autour de) [the|its] "
         "<box_part> [of <it>] [in <colour>]",
         box_around_part},
    Rule{"(box|outline|mark|highlight) <place> (with|using) [<a>] <colour> <box_word>", box},
    // Overlay
    Rule{"<add> [<a>] <sheer> [<percent>] <colour> <overlay_word> [<overlay_more>] [on|over|to|across] [<it>]",
         overlay},
    Rule{"<add> [<a>] [<sheer>] [<percent>] <colour> <overlay_word> [<overlay_more>] [on|over|to|across] [<it>]",
         overlay},
    Rule{"tint [<it>] (slightly|lightly|a bit) =light <colour>", overlay},
    Rule{"(tint|overlay|wash) [<it>] [with|in] [<a>] [<sheer>] [<percent>] <colour> [<overlay_word>] [<overlay_more>]",
         overlay},
    Rule{"(overlay|lay|put) [<a>] [<sheer>] <colour> [<overlay_word>] (on|over) <it> [<overlay_more>]", overlay},
};

}  // namespace

std::span<const Rule> drawing_rules() { return kRules; }

}  // namespace llmi::tools::edit
