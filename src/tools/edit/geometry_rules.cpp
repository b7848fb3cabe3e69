#include <algorithm>
#include <array>

#include "tools/edit/rules.h"

namespace llmi::tools::edit {
namespace {

Length percent(double value) { return {.value = value, .unit = Length::Unit::kPercent}; }
Length pixels(double value) { return {.value = value, .unit = Length::Unit::kPixels}; }
Length automatic() { return {.value = 0, .unit = Length::Unit::kAuto}; }

bool is_side(double value) { return value >= 1 && value <= kMaxPixels; }

// --- Rotate and flip

std::optional<Program> rotate(const Captures& captures) {
  double degrees = captures.numbers.empty() ? 90 : captures.numbers.front();
  if (captures.has("half")) degrees = 180;
  if (captures.has("left")) degrees = -degrees;
  if (degrees == 0 || degrees < -360 || degrees > 360) return std::nullopt;
  if (degrees == -180) degrees = 180;
  return Program{Rotate{{degrees}}};
}

std::optional<Program> flip(const Captures& captures) {
  if (captures.has("both")) return Program{Flip{Axis::kHorizontal}, Flip{Axis::kVertical}};
  return Program{Flip{captures.has("vertical") ? Axis::kVertical : Axis::kHorizontal}};
}

// --- Resize

std::optional<double> scale_of(const Captures& captures) {
  if (captures.has("half")) return 50;
  if (captures.has("third")) return 100.0 / 3;
  if (captures.has("quarter")) return 25;
  if (captures.has("double")) return 200;
  if (captures.has("triple")) return 300;
  if (captures.numbers.empty()) return std::nullopt;
  const double number = captures.numbers.front();
  if (captures.has("times")) return number > 20 ? std::nullopt : std::optional(number * 100);
  if (captures.has("smaller")) return 100 - number;
  if (captures.has("larger")) return 100 + number;
  return number;
}

std::optional<Program> scale(const Captures& captures) {
  const auto by = scale_of(captures);
  if (!by || *by <= 0 || *by > kMaxPercent) return std::nullopt;
  return Program{Resize{percent(*by), percent(*by)}};
}

std::optional<Program> resize(const Captures& captures) {
  const auto& numbers = captures.numbers;
  if (!std::ranges::all_of(numbers, is_side)) return std::nullopt;
  if (numbers.size() == 2) return Program{Resize{pixels(numbers[0]), pixels(numbers[1])}};
  if (captures.has("height")) return Program{Resize{automatic(), pixels(numbers[0])}};
  return Program{Resize{pixels(numbers[0]), automatic()}};
}

// --- Crop

/// The part of the picture between 0 and 1 that marks like "top left" with "half", "third" or "quarter" name.
struct Part {
  double begin = 0;
  double size = 1;
};

Part part(bool first, bool last, bool centred, double share) {
  if (first) return {0, share};
  if (last) return {1 - share, share};
  if (centred) return {(1 - share) / 2, share};
  return {};
}

std::optional<Program> crop_to_part(const Captures& captures) {
  const bool corner =
      (captures.has("top") || captures.has("bottom")) && (captures.has("left") || captures.has("right"));
  double share = captures.has("third") ? 1.0 / 3 : captures.has("quarter") && !corner ? 0.25 : 0.5;
  if (!captures.numbers.empty()) share = captures.numbers.front() / 100;
  if (share <= 0 || share >= 1) return std::nullopt;
  const bool centre = captures.has("centre");
  const Part x = part(captures.has("left"), captures.has("right"), centre, share);
  const Part y = part(captures.has("top"), captures.has("bottom"), centre, share);
  return Program{Crop{percent(x.begin * 100), percent(y.begin * 100), percent(x.size * 100), percent(y.size * 100)}};
}

/// Cuts an amount off the named sides.
std::optional<Program> trim(const Captures& captures) {
  double amount = captures.has("half") ? 50 : captures.has("third") ? 100.0 / 3 : captures.has("quarter") ? 25 : 0;
  if (!captures.numbers.empty()) amount = captures.numbers.front();
  const bool all = captures.has("all");
  const int across = (all || captures.has("left") ? 1 : 0) + (all || captures.has("right") ? 1 : 0);
  const int down = (all || captures.has("top") ? 1 : 0) + (all || captures.has("bottom") ? 1 : 0);
  const bool in_pixels = captures.has("pixels");
  if (amount <= 0 || amount > kMaxPixels || (!in_pixels && amount * std::max(across, down) >= 100)) return std::nullopt;
  const auto cut = [&](std::string_view side) {
    const double value = all || captures.has(side) ? amount : 0;
    return in_pixels ? pixels(value) : percent(value);
  };
  return Program{Trim{cut("left"), cut("top"), cut("right"), cut("bottom")}};
}

std::optional<Program> crop_ratio(const Captures& captures) {
  if (captures.numbers.size() < 2) return Program{CropRatio{{1}, {1}}};
  const double width = captures.numbers[0];
  const double height = captures.numbers[1];
  if (width < 1 || height < 1 || width > 100 || height > 100) return std::nullopt;
  return Program{CropRatio{{width}, {height}}};
}

// --- Side by side

std::optional<Program> side_by_side(const Captures& captures) {
  Program program;
  if (captures.has("grey")) program.emplace_back(Grey{});
  if (captures.has("sepia")) program.emplace_back(Sepia{});
  program.emplace_back(SideBySide{});
  return program;
}

const std::array kRules{
    // Rotate
    Rule{"<rotate> [<it>] [<turn_way>] [by|um|de] <number> [<degrees>] [<turn_way>] [drehen]", rotate},
    Rule{"<rotate> [<it>] <turn_way> [by <number> [<degrees>]]", rotate},
    Rule{"<rotate> [<it>] [by] (a =quarter quarter turn|one quarter turn|a quarter|a quarter of a turn) [<turn_way>]",
         rotate},
    Rule{"<rotate> [<it>] ([by] (a|one) half turn|[by] half a turn|upside down|on its head|auf den kopf|à l "
         "envers|um|around) =half",
         rotate},
    Rule{"(stell|stelle|drehe|dreh) [<it>] auf den kopf =half", rotate},
    Rule{"[<it>] um <number> <degrees> [<turn_way>] drehen", rotate},
    Rule{"<number> <degrees> (rotation|turn) [<turn_way>]", rotate},
    Rule{"[<add>] [<a>] <number> <degrees> (rotation|turn) [<turn_way>]", rotate},
    // Flip
    Rule{"<flip> [<it>] [<flip_way>]", flip},
    Rule{"<flip> <flip_way> [<it>]", flip},
    Rule{"<flip> [<it>] ([both] (horizontally and vertically|vertically and horizontally)|in both directions) =both",
         flip},
    Rule{"[<make>] [<it>] [to|into] [<a>] [horizontally|vertically =vertical] (mirrored|mirror "
         "image|flipped|gespiegelt)",
         flip},
    Rule{"(horizontal|vertical =vertical) (flip|mirror)", flip},
    Rule{"<add> [<a>] (horizontal|vertical =vertical) (flip|mirror) [effect]", flip},
    // Resize
    Rule{"<resize> [<it>] [down|up] [to|auf|à|so that|so] [it|is|it is] <number> [<pixels>] (wide|in "
         "width|breit|breite|de large|de largeur) "
         "[resize|verkleinern|skalieren]",
         resize},
    Rule{"<resize> [<it>] [down|up] [to|auf|à|so] [it|is|it is] <number> [<pixels>] (tall|high|in height|hoch|höhe|de "
         "haut|de hauteur) =height",
         resize},
    Rule{"<resize> [<it>] [down|up] [to|auf|à] [<a>] (width|breite|largeur) [of|von|de] <number> [<pixels>]", resize},
    Rule{"<resize> [<it>] [down|up] [to|auf|à] [<a>] (height|höhe|hauteur) =height [of|von|de] <number> [<pixels>]",
         resize},
    Rule{"[<make>|change] [<its>] (width|breite|largeur) [of <it>] [to|auf|à|be] <number> [<pixels>]", resize},
    Rule{"[<make>|change] [<its>] (height|höhe|hauteur) =height [of <it>] [to|auf|à|be] <number> [<pixels>]", resize},
    Rule{"<resize> [<it>] [down|up] [to|auf|à] [a size of] [exactly] <number> [<pixels>] (x|by|times|mal|sur) <number> "
         "[<pixels>]",
         resize},
    Rule{"(resize|rescale) [<it>] [down|up] to <number> <pixels>", resize},
    Rule{"<make> <it> <number> [<pixels>] (x|by) <number> [<pixels>] [large|big|in size]", resize},
    Rule{"<resize> [<it>] [down|up] [to|auf|à|by|um|de] <fraction> [of] [<its_size>] [verkleinern]", scale},
    Rule{"<resize> [<it>] [down|up] (to|auf|à) <percent> [of] [<its_size>]", scale},
    Rule{"(scale|resize) [<it>] [down|up] by <percent>", scale},
    Rule{"(shrink|reduce|scale down|downscale|verkleinere|réduis) =smaller [<it>] [in size] (by|um|de) <percent> [in "
         "size]",
         scale},
    Rule{"(enlarge|scale up|upscale|grow|vergrößere|agrandis) =larger [<it>] [in size] (by|um|de) <percent> [in size]",
         scale},
    Rule{"[<make>] [<it>] (<percent>|<fraction>) [of] <its_size>", scale},
    Rule{"(reduce|decrease|shrink) =smaller <its_size> by <percent>", scale},
    Rule{"(increase|enlarge) =larger <its_size> by <percent>", scale},
    Rule{"[<make>] [<it>] (<percent> [<little>] (smaller|kleiner|plus petit) =smaller|<percent> "
         "(larger|bigger|größer|plus grand) =larger)",
         scale},
    Rule{"[<make>] [<it>] (half =half [as]|(twice|double) =double [as]|halb =half so|doppelt =double so|deux fois plus "
         "=double) "
         "(big|large|size|the size|groß|grand)",
         scale},
    Rule{"(double =double|halve =half|triple =triple|quarter =quarter|verdopple =double|halbiere =half|double =double) "
         "[<its_size>|the size of <it>|<it>|die größe|la taille]",
         scale},
    Rule{"<resize> [<it>] (down|up) [by] <number> (times|x) =times", scale},
    Rule{"(scale|resize|enlarge|upscale|blow up) [<it>] [up] by [a factor of|factor] <number> [times|x] =times", scale},
    Rule{"[<make>] [<it>] <number> (times|x) =times ((as (big|large)) [as before|as it is]|bigger|larger|its size|the "
         "size)",
         scale},
    Rule{"(reduce|increase|set) [<its>] (width|breite|largeur) [of <it>] to <number> [<pixels>]", resize},
    Rule{"(reduce|increase|set) [<its>] (height|höhe|hauteur) =height [of <it>] to <number> [<pixels>]", resize},
    // Crop: what is kept
    Rule{"<crop> [<it>] <crop_to> [<the>] <crop_part> [zu]", crop_to_part},
    Rule{"(auf) [<the>] <crop_part> zuschneiden", crop_to_part},
    Rule{"<keep> [only|nur|seulement] [<the>] <crop_part>", crop_to_part},
    Rule{"(crop|recadre) [<the>] <crop_part>", crop_to_part},
    Rule{"(crop|recadre) [<the>] (inner|central|middle|centre|center) =centre <percent> [of <it>]", crop_to_part},
    Rule{"<crop> [<the>] (centre|center|middle) =centre [of <it>]", crop_to_part},
    Rule{"(<crop> [<it>] <crop_to>|<keep> [only]) [<the>] (inner|central|middle|centre|center|mittleren) =centre "
         "<percent> [of <it>]",
         crop_to_part},
    Rule{"(<crop> [<it>] <crop_to>|<keep> [only]) [<the>] <crop_side> <percent> [of <it>]", crop_to_part},
    Rule{"<crop> [<it>] [<to>|in] [<a>] (square|quadrat|quadratisch|carré) [shape|format|picture] [zu|zuschneiden]",
         crop_ratio},
    Rule{"(crop|cut|make) [<it>] square", crop_ratio},
    Rule{"(square|quadratisch) crop [<it>]", crop_ratio},
    Rule{"quadratisch zuschneiden", crop_ratio},
    Rule{"<crop> [<it>] [<to>] [<a>] [ratio of|aspect ratio of] <number> (:|by|to|zu) <number> [aspect] "
         "[ratio|format|proportions] [zu]",
         crop_ratio},
    // Crop: what goes
    Rule{"<crop_away> [<it>] [off|away] [by] <amount> [from|off|of|at|on|von] <crop_sides> [ab|weg]", trim},
    Rule{"(cut off|crop off|crop out|trim off|trim away|cut away|remove|chop off|delete|schneide|coupe|supprime) "
         "[<the>] <crop_side> "
         "(<amount>|half =half|third =third|quarter =quarter) [off|out|away|ab|weg] [of <it>]",
         trim},
    Rule{"<crop_away> (half =half|a third =third|a quarter =quarter) [from|off|of] <crop_sides>", trim},
    // Side by side with the original
    Rule{"[<make>|tile|arrange|display|zeige|montre|compare] [<a>] <before> (and|with|und|et|avec) [<a>] <after> "
         "[<it>] [<beside>]",
         [](const Captures& c) { return c.has("beside") ? side_by_side(c) : std::nullopt; }},
    Rule{"[<make>|tile|arrange|display|zeige|montre] [<it>|both] [<a>] [<after>] <beside> "
         "[with|to|of|the|mit|avec|von] [<a>] <before>",
         side_by_side},
    Rule{"(show|place|put|add|display) [<a>] <before> (next to|beside|alongside) <it>", side_by_side},
    Rule{"(compare|contrast) [<it>|<after>] (with|to|and) [<a>] <before>", side_by_side},
    Rule{"[<make>|<add>] [<a>] before (and|x|/) after [comparison|view|picture|image]", side_by_side},
    Rule{"[<make>|<add>] [<a>] before after (comparison|view|picture|image)", side_by_side},
};

}  // namespace

std::span<const Rule> geometry_rules() { return kRules; }

}  // namespace llmi::tools::edit
