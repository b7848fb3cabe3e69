#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "document/document.h"
#include "document/event.h"

// Drawn values for the property tests of this room; to be called inside a property.
namespace llmi::document::drawn {

inline std::string text() {
  static const std::vector<std::string> kTexts{
      "",        "A cat", "Größe, 東京, مرحبا", "two\nlines\t\"quoted\" \\ </script>", std::string("nul \0 inside", 12),
      "</imgen>"};
  return *rc::gen::elementOf(kTexts);
}

inline std::vector<std::string> texts() {
  std::vector<std::string> all(*rc::gen::inRange<std::size_t>(0, 3));
  for (std::string& one : all) one = text();
  return all;
}

inline std::optional<std::uint64_t> seed() {
  return *rc::gen::arbitrary<bool>() ? std::optional(*rc::gen::arbitrary<std::uint64_t>()) : std::nullopt;
}

inline Fault fault() {
  return {static_cast<Stage>(*rc::gen::inRange(0, static_cast<int>(Stage::kCancelled) + 1)), text()};
}

inline tag::Tag call() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return {text(), tag::SearchParams{text()}};
    case 1:
      return {text(), tag::DiffusionParams{text()}};
    case 2:
      return {text(), tag::CodeParams{text()}};
    default:
      return {text(), tag::EditParams{*rc::gen::inRange<std::size_t>(0, 9), text()}};
  }
}

inline std::optional<tag::Tag> perhaps_a_call() {
  return *rc::gen::arbitrary<bool>() ? std::optional(call()) : std::nullopt;
}

inline Provenance provenance() {
  return {.tool = text(),
          .backend = text(),
          .duration = std::chrono::milliseconds(*rc::gen::inRange(0, 100'000)),
          .cached = *rc::gen::arbitrary<bool>(),
          .model = text(),
          .seed = seed(),
          .query = text(),
          .prompt = text(),
          .code_sha256 = text(),
          .operations = texts(),
          .page_url = text(),
          .title = text(),
          .creator = text(),
          .licence = text(),
          .licence_url = text(),
          .attribution = text(),
          .data = text()};
}

inline ReadyFigure ready() {
  ReadyFigure figure{.number = *rc::gen::inRange<std::size_t>(0, 9),
                     .file = text(),
                     .width = *rc::gen::inRange(0, 5000),
                     .height = *rc::gen::inRange(0, 5000),
                     .sha256 = text(),
                     .provenance = provenance()};
  if (*rc::gen::arbitrary<bool>()) figure.drawn = Drawn{texts(), texts(), texts(), {0.1, -3, 1e300}};
  return figure;
}

inline std::vector<InputPicture> inputs() {
  std::vector<InputPicture> all(*rc::gen::inRange<std::size_t>(0, 3));
  for (InputPicture& one : all) one = {text(), text(), 3, 4, text()};
  return all;
}

inline Usage usage() {
  Usage usage{1, *rc::gen::arbitrary<std::uint64_t>(), 3, 4, 5, std::nullopt};
  if (*rc::gen::arbitrary<bool>()) usage.cost = *rc::gen::inRange(0, 1'000'000) / 1e6;
  return usage;
}

inline std::map<std::string, std::chrono::milliseconds> timings() {
  return {{"total", std::chrono::milliseconds(*rc::gen::inRange(0, 100'000))}};
}

}  // namespace llmi::document::drawn
