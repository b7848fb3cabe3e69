#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "lm/language_model.h"

namespace llmi::lm {

/// A LoRA adapter in GGUF form, made for the model it is loaded with.
struct LoraFile {
  std::filesystem::path path;
  float scale = 1.0F;  ///< 0 switches it off.
};

struct LlamaOptions {
  std::filesystem::path path;        ///< A GGUF file; of a split model, its first part.
  std::uint32_t context_tokens = 0;  ///< Memory in tokens, shared by all requests that run at the same time.
                                     ///< 0: what the model was trained for, at most kDefaultContextTokens.
  std::uint32_t threads = 0;         ///< 0: the physical cores that this process may use.
  std::vector<LoraFile> loras;
  std::filesystem::path mmproj;    ///< The picture encoder of a model that sees; empty: it does not.
  std::uint32_t max_parallel = 4;  ///< Requests that are written at the same time (1 … 64); others wait their turn.
};

inline constexpr std::uint32_t kDefaultContextTokens = 8192;

/// Loads a model into this process and runs it with llama.cpp.
///
/// The model may be used from several threads; requests that run at the same time share each step of the engine.
/// - Chat templates are the model's own; without one ChatML is used. Templates that know a thinking switch get it off:
///   a document is wanted, and what a thinking model needs can be asked for in the prompt.
/// - A control token's name in a message is text: a space breaks it, so that no message ends its own turn.
/// - A token that ends the turn ends the output; control tokens are never printed.
/// - The tokens that a prompt shares with earlier ones are not computed again (GenerateResult::cached_prompt_tokens).
/// - Pictures are encoded on the caller's thread, scaled to at most 1,000 tokens where the encoder takes any size.
/// - Constraint, whole output: the grammar holds what is generated; assistant_prefix stands before it.
///   Constraint, lazy: the trigger may also stand, or begin, in assistant_prefix, so that a prefix that ends in an open
///   tag goes on inside the grammar. The grammar is left at the first place where it may end. The start rule is `root`.
/// - Limits of grammars: at most 2,000 rules out of one repetition ({m,n} counts n times the rules inside it; a larger
/// n
///   with no nested rules becomes unbounded, silently); no left recursion. Speed falls with the number of ways the text
///   so far can be read: ambiguous rules and optional tails of a large {0,n} are the ones that cost. Names are letters,
///   digits and '-'.
/// - Sampling: greedy at temperature 0. Repeat and DRY penalties look at the output only, never at the prompt.
/// - Seeds: the same requests with the same seeds, one at a time and in the same order, give the same texts on the same
///   machine and build. Rounding depends on how many tokens share a matrix product, so close calls may fall differently
///   where requests run together, or where another part of the prompt was known from earlier requests.
///
/// Errors: kNotFound, kUnreadable (not GGUF, truncated, unknown architecture; adapters that do not fit the model),
/// kInvalidArgument (options out of range), kUnavailable (this processor lacks what the engine was compiled for, or
/// memory ran out). Messages name the file and what to do.
[[nodiscard]] Result<std::unique_ptr<LanguageModel>> open_llama(const LlamaOptions& options);

}  // namespace llmi::lm
