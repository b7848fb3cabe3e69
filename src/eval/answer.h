#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "document/document.h"
#include "eval/item.h"
#include "image/picture.h"

namespace llmi::eval {

/// What was generated for an item: the document and the run folder that holds its pictures.
struct Answer {
  document::Document document;
  std::filesystem::path folder;
};

/// Text with pictures, as a judge gets it: "[picture N]" in the text stands for the N-th picture, from 1.
struct Shown {
  std::string text;
  std::vector<std::shared_ptr<const image::Picture>> pictures;

  /// Puts the picture's mark at the end of the text.
  void add(image::Picture picture);
};

/// A block of an answer as benchmarks see it: a text, or a picture that came.
struct AnswerBlock {
  std::string text;                                ///< Of a text block, without white space around it.
  const document::ReadyFigure* picture = nullptr;  ///< Null for text.
};

/// The answer's blocks in the manner of structure_of(): neighbouring texts joined, blank ones and failed pictures left
/// out. Points into the document.
[[nodiscard]] std::vector<AnswerBlock> blocks_of(const document::Document& document);

/// Adds the prompt, its input pictures in the places of their marks; those without a mark stand at its end.
/// Errors: kNotFound, kUnreadable for a picture of the run.
[[nodiscard]] Result<void> show_prompt(const Item& item, const Answer& answer, Shown& shown);

/// Adds what a reader of the document sees: no tags, no tool names; "[a picture that could not be made]" for a failed
/// one. Errors: as above.
[[nodiscard]] Result<void> show_answer(const Answer& answer, Shown& shown);

}  // namespace llmi::eval
