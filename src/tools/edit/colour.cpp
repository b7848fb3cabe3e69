#include "tools/edit/colour.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace llmi::tools::edit {
namespace {

// Strong but not glaring tones, made for marks on photographs.
constexpr std::array<ColourName, 14> kCanonical{{{"black", {0, 0, 0}},
                                                 {"white", {255, 255, 255}},
                                                 {"grey", {128, 128, 128}},
                                                 {"red", {220, 38, 38}},
                                                 {"orange", {249, 115, 22}},
                                                 {"yellow", {250, 204, 21}},
                                                 {"green", {22, 163, 74}},
                                                 {"cyan", {6, 182, 212}},
                                                 {"blue", {37, 99, 235}},
                                                 {"purple", {147, 51, 234}},
                                                 {"pink", {236, 72, 153}},
                                                 {"brown", {120, 72, 40}},
                                                 {"gold", {202, 158, 40}},
                                                 {"silver", {192, 192, 196}}}};

struct OtherName {
  std::string_view word;
  std::string_view canonical;
};

constexpr auto kOthers = std::to_array<OtherName>({
    {"gray", "grey"},
    {"violet", "purple"},
    {"magenta", "pink"},
    {"turquoise", "cyan"},
    {"golden", "gold"},
    // German, with its endings.
    {"schwarz", "black"},
    {"schwarze", "black"},
    {"schwarzen", "black"},
    {"schwarzer", "black"},
    {"schwarzes", "black"},
    {"weiß", "white"},
    {"weiße", "white"},
    {"weißen", "white"},
    {"weißer", "white"},
    {"weißes", "white"},
    {"grau", "grey"},
    {"graue", "grey"},
    {"grauen", "grey"},
    {"grauer", "grey"},
    {"graues", "grey"},
    {"rot", "red"},
    {"rote", "red"},
    {"roten", "red"},
    {"roter", "red"},
    {"rotes", "red"},
    {"gelb", "yellow"},
    {"gelbe", "yellow"},
    {"gelben", "yellow"},
    {"gelber", "yellow"},
    {"gelbes", "yellow"},
    {"grün", "green"},
    {"grüne", "green"},
    {"grünen", "green"},
    {"grüner", "green"},
    {"grünes", "green"},
    {"blau", "blue"},
    {"blaue", "blue"},
    {"blauen", "blue"},
    {"blauer", "blue"},
    {"blaues", "blue"},
    {"lila", "purple"},
    {"rosa", "pink"},
    {"braun", "brown"},
    {"braunen", "brown"},
    // French, with its endings.
    {"noir", "black"},
    {"noire", "black"},
    {"blanc", "white"},
    {"blanche", "white"},
    {"gris", "grey"},
    {"grise", "grey"},
    {"rouge", "red"},
    {"jaune", "yellow"},
    {"vert", "green"},
    {"verte", "green"},
    {"bleu", "blue"},
    {"bleue", "blue"},
    {"rose", "pink"},
    {"brun", "brown"},
    {"marron", "brown"},
});

std::optional<Colour> from_hex(std::string_view word) {
  if (word.size() != 7 || word[0] != '#') return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(word.data() + 1, word.data() + 7, value, 16);
  if (error != std::errc{} || end != word.data() + 7) return std::nullopt;
  return Colour{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
                static_cast<std::uint8_t>(value & 255)};
}

}  // namespace

std::span<const ColourName> canonical_colours() { return kCanonical; }

std::optional<Colour> colour_named(std::string_view word) {
  if (const auto* other = std::ranges::find(kOthers, word, &OtherName::word); other != kOthers.end())
    word = other->canonical;
  if (const auto* found = std::ranges::find(kCanonical, word, &ColourName::name); found != kCanonical.end())
    return found->colour;
  return from_hex(word);
}

std::optional<Shade> shade_named(std::string_view word) {
  if (word == "dark" || word == "deep") return Shade::kDark;
  if (word == "light" || word == "pale") return Shade::kLight;
  return std::nullopt;
}

Colour shaded(const Colour& colour, Shade shade) {
  // Half way to black or to white.
  const int goal = shade == Shade::kDark ? 0 : 255;
  const auto mixed = [&](std::uint8_t value) { return static_cast<std::uint8_t>((value + goal) / 2); };
  return {mixed(colour.red), mixed(colour.green), mixed(colour.blue)};
}

std::vector<std::string_view> colour_words() {
  std::vector<std::string_view> words;
  for (const ColourName& colour : kCanonical) words.push_back(colour.name);
  for (const OtherName& other : kOthers) words.push_back(other.word);
  return words;
}

std::string name_of(const Colour& colour) {
  if (const auto* found = std::ranges::find(kCanonical, colour, &ColourName::colour); found != kCanonical.end())
    return std::string(found->name);
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

}  // namespace llmi::tools::edit
