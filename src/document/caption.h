#pragma once

#include <string>

#include "document/document.h"

namespace llmi::document {

/// The caption under a figure, from its description; plots whose numbers came from the model say so. No model is asked.
[[nodiscard]] std::string caption_of(const FigureBlock& figure);

/// The alternative text: the description and, for plots, what was drawn.
[[nodiscard]] std::string alt_of(const FigureBlock& figure);

}  // namespace llmi::document
