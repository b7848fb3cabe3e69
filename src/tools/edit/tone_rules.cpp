#include <algorithm>
#include <array>
#include <cmath>

#include "tools/edit/rules.h"

namespace llmi::tools::edit {
namespace {

constexpr double kNormalChange = 20;

/// How much was asked for, in per cent: as given, or a little, normal, much.
double amount(const Captures& captures, double normal = kNormalChange) {
  if (!captures.numbers.empty()) return captures.numbers.front();
  return captures.has("little") ? normal / 2 : captures.has("much") ? normal * 2 : normal;
}

/// The change with its sign, from the marks "up", "down" and "set" (to an absolute per cent).
std::optional<Change> change(const Captures& captures) {
  double value = amount(captures);
  if (captures.has("double")) value = 100;
  if (captures.has("half")) value = 50;
  if (captures.has("times")) value = value * 100 - 100;
  if (captures.has("set")) value -= 100;
  if (captures.has("down") && !captures.has("set")) value = -value;
  if (value < -100 || value > 300 || value == 0) return std::nullopt;
  return Change{value};
}

std::optional<Program> adjust(const Captures& captures) {
  const auto by = change(captures);
  if (!by) return std::nullopt;
  Program program;
  if (captures.has("brightness")) program.emplace_back(Brightness{*by});
  if (captures.has("contrast")) program.emplace_back(Contrast{*by});
  if (captures.has("saturation")) program.emplace_back(Saturation{*by});
  if (captures.has("warmth")) program.emplace_back(Warmth{*by});
  return program;
}

std::optional<Program> blur(const Captures& captures) {
  if (captures.has("pixels")) {
    if (captures.numbers.empty() || captures.numbers[0] <= 0 || captures.numbers[0] > 500) return std::nullopt;
    return Program{Blur{{.value = captures.numbers[0], .unit = Length::Unit::kPixels}}};
  }
  if (!captures.numbers.empty()) return std::nullopt;
  return Program{Blur{{.value = captures.has("little") ? 0.4 : captures.has("much") ? 2.0 : 0.8}}};
}

std::optional<Program> sharpen(const Captures& captures) {
  const double value = amount(captures, 100);
  if (value <= 0 || value > 300) return std::nullopt;
  return Program{Sharpen{{value}}};
}

std::optional<Program> grey(const Captures&) { return Program{Grey{}}; }
std::optional<Program> sepia(const Captures&) { return Program{Sepia{}}; }

const std::array kRules{
    // Grey
    Rule{"[<make>] [<it>] [look] [like|<to>] [<a>] <grey> [<picture>|<effect>] [of <it>|um]", grey},
    Rule{"<make> <picture> [<to>] <grey>", grey},
    Rule{"<add> [<a>] <grey> <effect> [to|on|over] [<it>]", grey},
    Rule{"give <it> [<a>] <grey> <effect>", grey},
    Rule{"(remove|drop|strip|take out|take away|get rid of|discard|entferne|enlève|supprime) [<the>] "
         "(colour|colours|color|colors|farbe|farben|couleur|couleurs) [from|of|out of|de] [<it>]",
         grey},
    Rule{"(desaturate|decolourise|decolorize|decolourize) [<it>] [completely|fully|entirely]", grey},
    Rule{"[<make>] [<it>] without [any] (colour|color|colours|colors)", grey},
    // Sepia
    Rule{"[<make>] [<it>] [look] [<to>] [<a>] <sepia> [<picture>|<effect>]", sepia},
    Rule{"(make|let|have) [<it>] look [like|as if it were] <sepia>", sepia},
    Rule{"(make|let) <it> look old", sepia},
    Rule{"(tone|tint|age) <it> [<to>] (sepia|in sepia)", sepia},
    Rule{"<add> [<a>] <sepia> [<effect>] [to|on|over] [<it>]", sepia},
    Rule{"give <it> [<a>] <sepia> <effect>", sepia},
    // Brightness, contrast, saturation by verb or adjective
    Rule{"(brighten|lighten|illuminate|aufhellen|éclaircis|éclaircir) =brightness =up [<it>] [up] [<degree>] [up]",
         adjust},
    Rule{"(darken|dim|abdunkeln|assombris|assombrir) =brightness =down [<it>] [<degree>]", adjust},
    Rule{"(hell|helle) =brightness =up <it> [<degree>] auf", adjust},
    Rule{"(saturate|oversaturate) =saturation =up [<it>] [<degree>]", adjust},
    Rule{"desaturate =saturation =down [<it>] (<little>|<much>|by <percent>)", adjust},
    Rule{"[<make>] [<it>|the colours|the colors|die farben] [look] [<degree>] ((brighter|lighter|heller|plus "
         "clair|plus claire|plus lumineux|plus lumineuse) =brightness =up|"
         "(more bright|more light) =brightness =up|less bright =brightness =down|"
         "(darker|dimmer|dunkler|plus sombre|plus foncé) =brightness =down|"
         "(warmer|wärmer|plus chaud|plus chaude) =warmth =up|"
         "(cooler|colder|kühler|kälter|plus froid|plus froide) =warmth =down|"
         "(more contrasty|more contrasted|kontrastreicher|plus contrasté) =contrast =up|"
         "(more saturated|more vivid|more colourful|more colorful|more intense|more vibrant|farbiger|bunter|plus "
         "coloré|plus saturé) =saturation =up|"
         "(less saturated|less vivid|less colourful|less colorful|paler|more muted|moins saturé) =saturation =down) "
         "[<degree>]",
         adjust},
    // … by noun
    Rule{"(increase|raise|boost|enhance|up|turn up|push|bump up|erhöhe|verstärke|augmente|augmenter|augmentez) =up "
         "[<its>] <qualities> "
         "[of <it>|in <it>] [<degree>]",
         adjust},
    Rule{"(decrease|reduce|lower|cut|turn down|drop|verringere|reduziere|senke|diminue|diminuer|réduis|réduire) =down "
         "[<its>] <qualities> "
         "[of <it>|in <it>] [<degree>]",
         adjust},
    Rule{"[<add>] [<degree>] (more|mehr|plus de) =up <qualities> [<degree>] [to <it>|hinzu]", adjust},
    Rule{"[<make>] [<degree>] (less|weniger|moins de) =down <qualities> [<degree>]", adjust},
    Rule{"[<add>] [<strength>] [<degree>] (higher =up|lower =down|high =up =much|low =down =much) <qualities>", adjust},
    Rule{"<qualities> (up|higher) =up [<degree>]", adjust},
    Rule{"<qualities> (down|lower) =down [<degree>]", adjust},
    Rule{"<qualities> =up [by] (+|plus) <percent>", adjust},
    Rule{"<qualities> =down [by] minus <percent>", adjust},
    Rule{"<qualities> =up <percent>", adjust},
    Rule{"(increase|raise|boost|reduce|decrease|lower|cut) [<its>] <qualities> [of <it>] to =set <percent>", adjust},
    Rule{"(reduce|decrease|lower|cut) =down [<its>] <qualities> [of <it>] (by half|by a half) =half", adjust},
    Rule{"(double =double =up|halve =half =down) [<its>] <qualities> [of <it>]", adjust},
    Rule{"[<make>] [<it>] (twice =double =up|half =half =down|<number> (times|x) =times =up) as (bright =brightness|"
         "contrasty =contrast|(saturated|colourful|colorful|vivid) =saturation)",
         adjust},
    Rule{"[<make>] [<it>] (twice|two times) =double =up (brighter|lighter) =brightness", adjust},
    Rule{"[<make>] [<it>] <number> (times|x) =times =up (brighter|lighter) =brightness", adjust},
    Rule{"(warm =up|cool =down) =warmth <it> [up|down] [<degree>]", adjust},
    Rule{"(set|adjust|change|put) [<its>] <qualities> [of <it>] (to|at) =set <percent>", adjust},
    // Blur and sharpen
    Rule{"[<little>|<much>] (blur|soften|smooth|weichzeichnen|floute|flouter) [<it>] [<degree>]", blur},
    Rule{"(blur|smooth) [<it>] (by|with|using) [a|an] [radius|sigma|blur] [of|radius of] <number> <pixels> =pixels",
         blur},
    Rule{"[<make>] [<it>] [look] [<degree>] (blurry|blurred|blurrier|softer|fuzzy|out of "
         "focus|unscharf|unschärfer|flou|floue|plus flou) "
         "[<degree>]",
         blur},
    Rule{"<add> [<a>] [<strength>] (blur|gaussian blur|softening|unschärfe|flou) [<effect>] [to <it>|hinzu] [of] "
         "[(of|with [<a>] radius [of]) <number> <pixels> =pixels]",
         blur},
    Rule{"[<little>|<much>] (sharpen|schärfe) [<it>] [up] [<degree>] [nach]", sharpen},
    Rule{"[<make>] [<it>] [look] [<degree>] (sharper|crisper|crisp|schärfer|plus net|plus nette) [<degree>]", sharpen},
    Rule{"(increase|raise|boost|enhance|improve|augmente) [<its>] (sharpness|schärfe|netteté) [of <it>] [<degree>]",
         sharpen},
    Rule{"<add> [<a>|more] [<strength>] (sharpness|sharpening) [<effect>] [to <it>]", sharpen},
};

}  // namespace

std::span<const Rule> tone_rules() { return kRules; }

}  // namespace llmi::tools::edit
