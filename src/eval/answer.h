#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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

/// What a judge gets to see: quoted texts (reward/quote.h), in which "[picture N]" with lm::kPicturePlace stands for
/// the N-th picture, from 1.
struct Shown {
  std::string text;
  std::vector<std::shared_ptr<const image::Picture>> pictures;

  /// A text from outside, under a title.
  void add(std::string_view title, std::string_view outside);
  /// A picture by itself, under a title.
  void add(std::string_view title, std::shared_ptr<const image::Picture> picture);
};

/// A block of an answer as benchmarks see it: a text, or a picture that came.
struct AnswerBlock {
  std::string text;                                ///< Of a text block, without white space around it.
  const document::ReadyFigure* picture = nullptr;  ///< Null for text.
};

/// The answer's blocks in the manner of structure_of(): neighbouring texts joined, blank ones and failed pictures left
/// out. Points into the document.
[[nodiscard]] std::vector<AnswerBlock> blocks_of(const document::Document& document);

/// Adds the prompt as "The request", its input pictures in the places of their marks; those without a mark stand at its
/// end. Errors: kNotFound, kUnreadable for a picture of the run.
[[nodiscard]] Result<void> show_prompt(const Item& item, const Answer& answer, Shown& shown);

/// Adds what a reader of the document sees: no tags, no tool names; "[a picture that could not be made]" for a failed
/// one. Errors: as above.
[[nodiscard]] Result<void> show_answer(std::string_view title, const Answer& answer, Shown& shown);

/// Builds a quoted text that holds pictures: what is added to it comes under one title of `shown` in the end.
class Passage {
 public:
  explicit Passage(Shown& shown) : shown_(shown) {}
  void add(std::string_view outside);
  void add(image::Picture picture);
  /// Call once, last.
  void close(std::string_view title);

 private:
  Shown& shown_;
  std::string text_;
};

}  // namespace llmi::eval
