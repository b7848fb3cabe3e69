#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agent/guided/document_plan.h"

namespace llmi::agent {

/// GBNF (root rule `root`) of a whole document: a title that begins with the topic, an opening paragraph, a section for each
/// figure with its tag at the end, a closing paragraph. The model chooses the words; tags can only be valid, and their
/// number is that of `figures`. `input_pictures`: indices before the first tag's. Documents with many figures get short
/// sections.
[[nodiscard]] std::string document_grammar(const std::string& topic, const std::vector<PlannedFigure>& figures, std::size_t input_pictures);

/// Tokens such a document can need.
[[nodiscard]] std::size_t document_tokens(std::size_t figures);

}  // namespace llmi::agent
