#include "document/json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string_view>

#include "document/document_test_values.h"
#include "document/event.h"

namespace llmi::document {
namespace {

Block draw_block() {
  if (*rc::gen::arbitrary<bool>()) return TextBlock{drawn::text()};
  FigureBlock figure{.index = *rc::gen::inRange<std::size_t>(0, 99),
                     .call = drawn::perhaps_a_call(),
                     .caption = drawn::text(),
                     .alt = drawn::text(),
                     .recovered = drawn::texts(),
                     .repairs = {},
                     .outcome = drawn::fault()};
  if (*rc::gen::arbitrary<bool>()) figure.repairs.push_back({drawn::fault(), drawn::text()});
  if (*rc::gen::arbitrary<bool>()) figure.outcome = drawn::ready();
  return figure;
}

Document draw_document() {
  Document document{.complete = *rc::gen::arbitrary<bool>(),
                    .reason = drawn::text(),
                    .answer = drawn::text(),
                    .seed = drawn::seed(),
                    .inputs = drawn::inputs(),
                    .timings = drawn::timings(),
                    .usage = drawn::usage()};
  if (*rc::gen::arbitrary<bool>()) document.prompt = drawn::text();
  if (*rc::gen::arbitrary<bool>()) document.model = drawn::text();
  for (std::size_t i = *rc::gen::inRange<std::size_t>(0, 4); i > 0; --i) document.blocks.push_back(draw_block());
  return document;
}

EventBody draw_body() {
  const std::size_t index = *rc::gen::inRange<std::size_t>(0, 99);
  switch (*rc::gen::inRange(0, 10)) {
    case 0:
      return RunStarted{drawn::text(),   drawn::text(), *rc::gen::arbitrary<std::uint64_t>(),
                        drawn::inputs(), drawn::text(), drawn::texts(),
                        drawn::texts()};
    case 1:
      return AnswerGrew{drawn::text()};
    case 2:
      return FigurePlanned{index, drawn::perhaps_a_call()};
    case 3:
      return FigureStarted{index, drawn::text()};
    case 4:
      return FigureRepaired{index, {drawn::fault(), drawn::text()}, drawn::perhaps_a_call()};
    case 5:
      return FigureReady{index, drawn::ready(), nullptr};
    case 6:
      return FigureFailed{index, drawn::fault()};
    case 7:
      return RunResumed{index};
    case 8:
      return AnswerFinished{};
    default:
      return RunFinished{*rc::gen::arbitrary<bool>(), drawn::text(), drawn::timings(), drawn::usage()};
  }
}

RC_GTEST_PROP(DocumentJsonTest, IsReadBackWhole, ()) {
  const std::string json = to_json(draw_document());
  const auto again = from_json(json);
  RC_ASSERT(again.has_value());
  RC_ASSERT(to_json(*again) == json);
}

RC_GTEST_PROP(EventJsonTest, IsReadBackWhole, ()) {
  const Event event{std::chrono::milliseconds(*rc::gen::inRange(0, 1'000'000)), draw_body()};
  const std::string line = event_to_json(event);
  RC_ASSERT(line.find('\n') == std::string::npos);
  const auto again = event_from_json(line);
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->at == event.at);
  RC_ASSERT(again->body.index() == event.body.index());
  RC_ASSERT(event_to_json(*again) == line);
}

/// A document with every kind of block.
Document with_everything() {
  Document document{.complete = false, .reason = "late", .prompt = "Cats", .model = "m", .answer = "a", .seed = 7};
  document.inputs.push_back({"a.png", "inputs/01-a.png", 3, 4, "aa"});
  document.timings["total"] = std::chrono::milliseconds(9);
  document.usage = {1, 2, 3, 4, 5, 0.25};
  document.blocks.emplace_back(TextBlock{"Text"});
  document.blocks.emplace_back(FigureBlock{.index = 1,
                                           .call = tag::Tag{"A cat", tag::EditParams{0, "grey"}},
                                           .caption = "C",
                                           .alt = "A",
                                           .recovered = {"fence"},
                                           .repairs = {{{Stage::kTool, "no"}, "reply"}},
                                           .outcome = Fault{Stage::kTimeout, "late"}});
  document.blocks.emplace_back(FigureBlock{
      .index = 2,
      .outcome = ReadyFigure{
          1, "figures/01.png", 3, 4, "bb", {.tool = "code", .backend = "sandbox"}, Drawn{{"T"}, {"x"}, {"s"}, {1.5}}}});
  return document;
}

constexpr std::string_view kWithEverything = R"({
  "version": 1,
  "status": "partial",
  "reason": "late",
  "prompt": "Cats",
  "model": "m",
  "seed": 7,
  "title": "Cats",
  "answer": "a",
  "inputs": [
    {
      "name": "a.png",
      "file": "inputs/01-a.png",
      "width": 3,
      "height": 4,
      "sha256": "aa"
    }
  ],
  "blocks": [
    {
      "type": "text",
      "markdown": "Text"
    },
    {
      "type": "figure",
      "index": 1,
      "source": "edit",
      "status": "failed",
      "description": "A cat",
      "caption": "C",
      "alt": "A",
      "params": {
        "img_index": 0,
        "prompt": "grey"
      },
      "recovered": [
        "fence"
      ],
      "repairs": [
        {
          "fault": {
            "stage": "tool",
            "message": "no"
          },
          "reply": "reply"
        }
      ],
      "fault": {
        "stage": "timeout",
        "message": "late"
      }
    },
    {
      "type": "figure",
      "index": 2,
      "source": null,
      "status": "ready",
      "description": null,
      "caption": "",
      "alt": "",
      "params": null,
      "recovered": [],
      "repairs": [],
      "number": 1,
      "file": "figures/01.png",
      "width": 3,
      "height": 4,
      "sha256": "bb",
      "provenance": {
        "tool": "code",
        "backend": "sandbox",
        "duration_ms": 0,
        "cached": false
      },
      "drawn": {
        "titles": [
          "T"
        ],
        "axis_labels": [
          "x"
        ],
        "series": [
          "s"
        ],
        "values": [
          1.5
        ]
      }
    }
  ],
  "counts": {
    "figures": 2,
    "ready": 1,
    "failed": 1
  },
  "timings": {
    "total_ms": 9
  },
  "usage": {
    "prompt_tokens": 1,
    "completion_tokens": 2,
    "model_calls": 3,
    "tool_calls": 4,
    "cached_tool_calls": 5,
    "cost": 0.25
  }
}
)";

// What is written, key by key: a key lost by writer and reader alike would survive the round trip.
TEST(DocumentJsonTest, HoldsTheKeysOfTheContract) { EXPECT_EQ(to_json(with_everything()), kWithEverything); }

TEST(DocumentJsonTest, ProvenanceHoldsTheKeysOfTheContract) {
  const Provenance provenance{.tool = "t",
                              .backend = "b",
                              .duration = std::chrono::milliseconds(1),
                              .cached = true,
                              .model = "m",
                              .seed = 2,
                              .query = "q",
                              .prompt = "p",
                              .code_sha256 = "c",
                              .operations = {"grey"},
                              .page_url = "u",
                              .title = "i",
                              .creator = "r",
                              .licence = "l",
                              .licence_url = "lu",
                              .attribution = "a",
                              .data = "given"};
  EXPECT_EQ(provenance_json(provenance),
            R"({"tool":"t","backend":"b","duration_ms":1,"cached":true,"model":"m","seed":2,"query":"q","prompt":"p",)"
            R"("code_sha256":"c","operations":["grey"],"title":"i","page_url":"u","creator":"r","licence":"l",)"
            R"("licence_url":"lu","attribution":"a","data":"given"})");
}

TEST(EventJsonTest, WhatIsNoEventIsAnErrorThatNamesTheKey) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "parse error"},
      {"[]", "array"},
      {R"({"type":"text","delta":"x"})", "at_ms"},
      {R"({"at_ms":0,"type":"figure_eaten"})", "figure_eaten"},
      {R"({"at_ms":0,"type":"text"})", "delta"},
      {R"({"at_ms":0,"type":"figure_failed","index":0,"fault":{"stage":"soup","message":""}})", "stage"},
      {R"({"at_ms":0,"type":"run_started","version":2})", "version"},
  };
  for (const auto& [line, named] : wrong) {
    const auto event = event_from_json(line);
    ASSERT_FALSE(event) << line;
    EXPECT_EQ(event.error().code, ErrorCode::kUnreadable);
    EXPECT_TRUE(event.error().message.find(named) != std::string::npos) << event.error().message;
  }
}

}  // namespace
}  // namespace llmi::document
