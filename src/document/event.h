#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/fault.h"
#include "document/document.h"
#include "image/picture.h"
#include "tag/tag.h"

namespace llmi::document {

/// First event of every run.
struct RunStarted {
  std::optional<std::string> prompt;
  std::optional<std::string> model;
  std::uint64_t seed = 0;
  std::vector<InputPicture> inputs;
  std::string figures = "any";       ///< Pictures asked for: "none", "any", "some" or a number.
  std::vector<std::string> tools;    ///< Those that the model could call.
  std::vector<std::string> formats;  ///< The outputs asked for, as `--format` names them.
};
/// A later session goes on with a run that was interrupted: what follows is its work.
struct RunResumed {
  std::size_t answer_bytes = 0;  ///< So much of the answer stays; what stood behind it (an open tag, say) is gone.
};
/// The answer grew by these bytes (exactly what the model wrote, thoughts included).
struct AnswerGrew {
  std::string bytes;
};
/// The answer is whole: nothing follows but figures.
struct AnswerFinished {};
/// A tag closed (or turned out to be faulty) in the answer.
struct FigurePlanned {
  std::size_t index = 0;
  std::optional<tag::Tag> call;  ///< Absent: the tag is faulty; FigureFailed or RepairAsked follows.
};
/// A tool began to work on it (not sent for cached results).
struct FigureStarted {
  std::size_t index = 0;
  std::string backend;
};
/// The model was asked for a new tag in place of a faulty one.
struct FigureRepaired {
  std::size_t index = 0;
  Repair repair;
  std::optional<tag::Tag> call;  ///< The new call, when the reply held a valid one.
};
struct FigureReady {
  std::size_t index = 0;
  ReadyFigure figure;  ///< `number` is 0: numbers are given when the document is put together.
  std::shared_ptr<const image::Picture> picture;  ///< In memory only; the JSON form refers to `figure.file`.
};
struct FigureFailed {
  std::size_t index = 0;
  Fault fault;
};
/// Last event of every session that ends by itself.
struct RunFinished {
  bool complete = true;
  std::string reason;
  std::map<std::string, std::chrono::milliseconds> timings;
  Usage usage;
};

using EventBody = std::variant<RunStarted, RunResumed, AnswerGrew, AnswerFinished, FigurePlanned, FigureStarted,
                               FigureRepaired, FigureReady, FigureFailed, RunFinished>;

/// What happens in a run, in one order that every reader sees: command line, run folder, server, trainer, tests.
/// A document is a fold over its events (builder.h); replay reads the same events from the run folder.
struct Event {
  std::chrono::milliseconds at{0};  ///< Since the run started.
  EventBody body;
};

/// Called on the session's owner thread, one call at a time; must not block for long.
using EventSink = std::function<void(const Event&)>;

/// One line of events.jsonl, without the newline: {"at_ms":…,"type":"figure_ready",…}.
[[nodiscard]] std::string event_to_json(const Event& event);
/// Errors: kUnreadable, naming the key.
[[nodiscard]] Result<Event> event_from_json(std::string_view line);

}  // namespace llmi::document
