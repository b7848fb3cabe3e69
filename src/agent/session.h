#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.h"
#include "document/document.h"
#include "document/event.h"
#include "image/picture.h"
#include "lm/language_model.h"
#include "tools/tool.h"

namespace llmi::store {
class Cache;
}

namespace llmi::lexicon {
class Lexicon;
}

namespace llmi::agent {

/// How many pictures are asked for (`--figures`; wire value `image_num`).
struct FigureCount {
  enum class Kind : std::uint8_t { kNone, kAny, kSome, kExactly };
  Kind kind = Kind::kAny;
  std::size_t exactly = 0;  ///< For kExactly.
};

struct InputPicture {
  std::string name;
  std::string file;  ///< Where the run folder keeps it ("inputs/01-name.png"); empty when nothing is kept.
  std::shared_ptr<const image::Picture> picture;
};

enum class Guided : std::uint8_t { kAuto, kOn, kOff };

struct Limits {
  std::size_t max_repairs = 1;             ///< A figure.
  std::size_t max_critic_retries = 0;      ///< A figure: a model that sees may ask for a better picture.
  std::size_t max_pictures = 200;          ///< Tags beyond get fault kBudget.
  std::size_t max_tool_calls = 1000;       ///< Repairs included.
  std::size_t max_model_tokens = 200'000;  ///< Completion tokens over all calls of the run.
  double max_cost = 0;                     ///< By the configured prices; 0: no limit. Calls beyond get fault kBudget.
};

/// What a million tokens of the model cost, in the user's currency; 0: nothing.
struct TokenPrices {
  double prompt = 0;
  double completion = 0;
};

struct Task {
  std::optional<std::string> prompt;  ///< Null in `render` without --prompt.
  std::vector<InputPicture> inputs;
  FigureCount figures;
  Guided guided = Guided::kAuto;
  lm::Sampling sampling;
  std::size_t max_tokens = 4096;
  Limits limits;
  TokenPrices prices;
  /// Titles of pictures that a search would find, best first; lets guided mode ask for what is there. May be empty.
  std::function<std::vector<std::string>(std::string_view query)> find_pictures;
  /// What guided mode knows of English nouns; may be null. Outlives the session.
  const lexicon::Lexicon* lexicon = nullptr;
  bool dry_run = false;              ///< Tags are planned, no tool is called.
  std::vector<std::string> formats;  ///< What the run will be written as: kept in its record.
};

/// What a session works with; all of it outlives the session.
struct Services {
  lm::LanguageModel* model = nullptr;
  std::vector<tools::Tool*> tools;  ///< The enabled ones, at most one a source; a missing source is a fault kTool.
  store::Cache* cache = nullptr;    ///< Null: no cache.
};

/// What a dry run would have called.
struct PlannedCall {
  std::size_t index = 0;
  tools::Quote quote;
};

/// The document, and the error that cut the run short, if one did (a broken stream: partial document and kUnavailable).
struct Report {
  document::Document document;
  std::optional<Error> error;
  std::vector<PlannedCall> planned;  ///< Of a dry run, in order.
};

/// Writes one illustrated document: streams the answer, starts each tool when its tag closes, chains edits, repairs
/// faults, and ends by itself, by deadline or by cancellation, always with a document. One owner thread (the caller's)
/// holds the plan; tools run on workers; all of them are joined on return.
/// Errors (no document): kInvalidArgument, and kUnavailable before the first output of the model.
[[nodiscard]] Result<Report> write(const RunContext& context, const Services& services, const Task& task,
                                   const document::EventSink& sink);

/// Runs the tags of an answer that is already there. `services.model` is used for repairs only and may be null.
[[nodiscard]] Result<Report> render(const RunContext& context, const Services& services, const Task& task,
                                    std::string_view answer, const document::EventSink& sink);

/// What an earlier session left of a run that did not come to its end.
struct Earlier {
  std::vector<document::Event> events;  ///< From its RunStarted on, without the answer's text.
  std::string answer;
  /// The picture of a finished figure; a figure whose picture cannot be had is made again.
  std::function<Result<image::Picture>(const document::ReadyFigure&)> picture;
};

/// Goes on with such a run, its events too: what the earlier session finished stays; figures that were open, cancelled
/// or late, and those whose tool may answer now, are made; an answer that is not whole is written to its end, from an
/// open tag or, with a model that cannot continue a prefix, from its last whole paragraph on. `task` is the earlier
/// one, input pictures included; `services.model` may be null where the answer is whole. Errors: kInvalidArgument.
[[nodiscard]] Result<Report> resume(const RunContext& context, const Services& services, const Task& task,
                                    const Earlier& earlier, const document::EventSink& sink);

/// "none", "any", "some" or the number.
[[nodiscard]] std::string to_string(const FigureCount& count);

}  // namespace llmi::agent
