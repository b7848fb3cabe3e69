#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/error.h"
#include "document/document.h"
#include "eval/answer.h"
#include "image/picture.h"

namespace llmi::eval {

/// Keeps a picture of an answer for a benchmark's scorer and gives the name that stands in the step.
using KeepPicture =
    std::function<Result<std::string>(const document::ReadyFigure& figure, const image::Picture& picture)>;

/// An answer as OpenING and MMIE take it: a list of {"text", "image"}, each one text and at most one picture, else
/// null. Errors: a picture of the run that cannot be read; those of `keep`.
[[nodiscard]] Result<nlohmann::ordered_json> steps_of(const Answer& answer, const KeepPicture& keep);

}  // namespace llmi::eval
