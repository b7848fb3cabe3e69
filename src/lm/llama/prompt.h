#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lm/llama/loaded_model.h"

namespace llmi::lm {

class EncodedPicture;

/// A picture among the tokens of a prompt.
struct PicturePart {
  std::size_t begin = 0;      ///< Its first place in Prompt::tokens.
  std::size_t cells = 0;      ///< Places it takes there, and in the context's memory.
  std::size_t positions = 0;  ///< By which it moves what follows it: fewer than `cells` where positions are planar.
  std::shared_ptr<const EncodedPicture> picture;
};

/// What a model reads before it writes. The places of a picture hold its mark, a negative number that no other picture
/// has, so that prompts can be compared token by token.
struct Prompt {
  std::vector<Token> tokens;
  std::vector<PicturePart> pictures;  ///< In order; none at the end.

  /// The picture that begins at a place; null when none does.
  [[nodiscard]] const PicturePart* picture_at(std::size_t place) const {
    const auto found = std::ranges::find(pictures, place, &PicturePart::begin);
    return found == pictures.end() ? nullptr : &*found;
  }
  /// The position of a place of the prompt or behind it, never inside a picture.
  [[nodiscard]] std::size_t position(std::size_t place) const {
    std::size_t position = place;
    for (const PicturePart& part : pictures) {
      if (part.begin < place) position -= part.cells - part.positions;
    }
    return position;
  }
};

}  // namespace llmi::lm
