#pragma once

#include <span>
#include <string>

#include "tag/tag.h"

namespace llmi::tag {

/// What a grammar may call: the offered tools and, for edits, how many pictures exist already.
struct GrammarOptions {
  std::span<const Source> tools;
};

/// GBNF (llama.cpp) for one tag from `<imgen>` to `</imgen>` in canonical form, root rule `root`: for lazy decoding
/// triggered by `<imgen>`. Generated from the same table of tools as the validator.
[[nodiscard]] std::string tag_gbnf(const GrammarOptions& options);

/// The rules alone, without `root`, defining `imgen-search`, `imgen-diffusion`, … and their parts, to be embedded in a
/// larger grammar (guided mode).
[[nodiscard]] std::string tag_gbnf_rules(const GrammarOptions& options);

/// JSON schema of a tag body (for structural tags and response formats), as JSON text.
[[nodiscard]] std::string tag_json_schema(const GrammarOptions& options);

}  // namespace llmi::tag
