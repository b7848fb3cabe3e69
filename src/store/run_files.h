#pragma once

// Names in a run folder (docs/formats/run.md).
namespace llmi::store {

constexpr const char* kEventsFile = "events.jsonl";
constexpr const char* kAnswerFile = "answer.txt";
constexpr const char* kFiguresFolder = "figures";
constexpr const char* kInputsFolder = "inputs";
constexpr const char* kScaleFile = "scale.json";

}  // namespace llmi::store
