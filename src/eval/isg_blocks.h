#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/answer.h"
#include "eval/item.h"
#include "image/picture.h"

namespace llmi::eval::isg {

/// A text or a picture.
struct Block {
  std::string text;
  std::shared_ptr<const image::Picture> picture;
};

/// Blocks as the questions name them: "<gen_text1>", "<gen_img1>", "<query_img1>", … in order of position in each kind.
using Blocks = std::map<std::string, Block>;

/// Those of the answer and of the request. Errors: kNotFound, kUnreadable for a picture of the run.
[[nodiscard]] Result<Blocks> named_blocks(const Item& item, const Answer& answer);

/// Request, answer and the item's Golden, for the mark on the whole. Errors: a picture that is not there.
[[nodiscard]] Result<Shown> show_with_reference(const RunContext& context, const Item& item, const Answer& answer);

}  // namespace llmi::eval::isg
