#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "tag/tag.h"

namespace llmi::tag {

/// What a grammar may call, and how far a model may run on.
struct GrammarOptions {
  std::span<const Source> tools;
  /// How many pictures stand before the tag, where that is known: an edit can only name one of them, and without any
  /// there are no edits. Unknown: any index up to 9999, and the validator has the last word.
  std::optional<std::size_t> pictures = std::nullopt;
  std::size_t max_text = 0;  ///< Longest description, query or prompt in characters, at most 2000; 0: no limit.
  std::size_t max_code = 0;  ///< Longest program in characters, at most 2000 (llama.cpp's limit); 0: no limit.
};

/// GBNF (llama.cpp) for one tag from `<imgen>` to `</imgen>` in canonical form, root rule `root`: for lazy decoding
/// triggered by `<imgen>`. Generated from the same table of tools as the validator.
[[nodiscard]] std::string tag_gbnf(const GrammarOptions& options);

/// The same for a whole answer: any text in which every `<imgen>` begins such a tag. For servers that hold the output
/// to a grammar from its first token on.
[[nodiscard]] std::string answer_gbnf(const GrammarOptions& options);

/// The rules alone, without `root`: `imgen` is any offered tag, `imgen-search`, `imgen-diffusion`, `imgen-code` and
/// `imgen-edit` are those of one tool, from mark to mark. Further names are theirs and begin with `imgen-` as well. To
/// be embedded in a larger grammar (guided mode).
[[nodiscard]] std::string tag_gbnf_rules(const GrammarOptions& options);

/// JSON schema (draft 2020-12) of a tag body (for structural tags and response formats), as JSON text.
[[nodiscard]] std::string tag_json_schema(const GrammarOptions& options);

}  // namespace llmi::tag
