#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace llmi::eval::isg {

/// Whether `relation` holds between two blocks, named as in "<gen_text1>", "<gen_img2>", "<query_img1>".
struct BlockQuestion {
  std::string subject;
  std::string object;
  std::string text;
};

/// Yes or no, about one picture.
struct ImageQuestion {
  std::string id;
  std::string image;  ///< Name of its block.
  std::string text;
  std::vector<std::string> preliminary;  ///< Ids of the questions that must be answered with yes for this one to count.
};

struct Questions {
  std::vector<BlockQuestion> block;
  std::vector<ImageQuestion> image;
};

/// The questions of an item's `predict`; a level that it lacks is empty, and block questions without subject, object or
/// text are left out, as the published scorer does. Errors: kUnreadable.
[[nodiscard]] Result<Questions> questions_of(std::string_view item_json);

}  // namespace llmi::eval::isg
