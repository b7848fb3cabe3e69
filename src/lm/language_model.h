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
#include "image/picture.h"

namespace llmi::lm {

/// Stands in a message's text where its next picture goes (U+FFFC, the object replacement character).
inline constexpr std::string_view kPicturePlace = "\xEF\xBF\xBC";

struct Message {
  std::string role;  ///< "system", "user", "assistant".
  std::string text;
  /// For models that see. Those that no kPicturePlace of the text is left for come in front of it.
  std::vector<std::shared_ptr<const image::Picture>> pictures;
};

/// A message's text between its pictures: before the first, between the first and the second, …, after the last.
/// Places beyond the last picture are left out; a message without pictures is one text as it is.
[[nodiscard]] std::vector<std::string> text_around_pictures(const Message& message);

/// How the output is constrained.
struct Constraint {
  std::string gbnf;     ///< Empty: free text.
  std::string trigger;  ///< Lazy: free until the output holds this text, which is the first thing the grammar matches;
                        ///< after the grammar's end the output is free again until the next trigger.
                        ///< Empty: constrained from the first token to the end.
  /// The same as a grammar of the whole output, for servers that know no trigger.
  std::string whole_gbnf;
  /// The same for servers that take no grammar: a JSON schema for what stands between `trigger` and `end`, or for the
  /// whole output where the trigger is empty.
  std::string schema;
  std::string end;
};

struct Sampling {
  double temperature = 0.7;
  double top_p = 0.95;
  std::int32_t top_k = 40;
  double min_p = 0.05;
  double repeat_penalty = 1.0;
  std::int32_t repeat_last_n = 64;
  /// "Don't repeat yourself" sampler: 0 switches it off.
  double dry_multiplier = 0.0;
};

struct GenerateRequest {
  std::vector<Message> messages;
  std::string assistant_prefix;  ///< The answer starts with this text (not repeated in the output).
  Constraint constraint;
  Sampling sampling;
  std::size_t max_tokens = 2048;
  std::vector<std::string> stop;  ///< Ends the output; not part of it.
};

enum class FinishReason : std::uint8_t { kEnd, kLength, kStopped, kDeadline };

struct GenerateResult {
  FinishReason finish = FinishReason::kEnd;
  std::uint64_t prompt_tokens = 0;
  std::uint64_t cached_prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;
};

enum class Flow : std::uint8_t { kContinue, kStop };

/// Receives the output as it comes: whole UTF-8 characters, never empty. Returning kStop ends the generation. Called on
/// the thread that called generate().
using TextSink = std::function<Flow(std::string_view piece)>;

struct Capabilities {
  bool constrained = false;        ///< Constraint with an empty trigger is honoured.
  bool lazy_constrained = false;   ///< Constraint with a trigger is honoured.
  bool sees = false;               ///< Message pictures reach the model.
  bool prefix = false;             ///< assistant_prefix is honoured.
  bool guided_by_default = false;  ///< Too small to write tags unaided: the agent holds it to a document grammar.
};

/// A model that writes. generate() may be called from several threads; a backend with one engine takes them in turn or
/// batches them.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  LanguageModel() = default;
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;

  /// What document.json records as `model`: no paths, no secrets.
  [[nodiscard]] virtual std::string id() const = 0;
  [[nodiscard]] virtual Capabilities capabilities() const = 0;

  /// Writes one answer, seeded by the context. A passed deadline or a requested stop ends it early with what was
  /// written (kDeadline, kStopped), which is not an error. Errors: kInvalidArgument (bad grammar, prompt longer than
  /// the context), kUnavailable (server down or the stream broke; text handed to the sink before stays valid),
  /// kRefused.
  [[nodiscard]] virtual Result<GenerateResult> generate(const RunContext& context, const GenerateRequest& request,
                                                        const TextSink& sink) = 0;
};

}  // namespace llmi::lm
