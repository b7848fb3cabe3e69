#include "eval/answer.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "lm/language_model.h"
#include "reward/quote.h"
#include "store/run_record.h"

namespace llmi::eval {
namespace {

constexpr std::string_view kMark = "<image>";
constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

/// Only our own places of pictures count.
std::string without_places(std::string_view outside) {
  std::string text(outside);
  for (std::size_t at = text.find(lm::kPicturePlace); at != std::string::npos; at = text.find(lm::kPicturePlace, at))
    text.erase(at, lm::kPicturePlace.size());
  return text;
}

}  // namespace

std::vector<AnswerBlock> blocks_of(const document::Document& document) {
  std::vector<AnswerBlock> blocks;
  for (const document::Block& block : document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      const std::string_view words = trimmed(text->markdown);
      if (words.empty()) continue;
      if (blocks.empty() || blocks.back().picture != nullptr) {
        blocks.push_back({.text = std::string(words)});
      } else {
        blocks.back().text.append("\n\n").append(words);
      }
    } else if (const auto* ready = std::get<document::FigureBlock>(block).ready()) {
      blocks.push_back({.picture = ready});
    }
  }
  return blocks;
}

void Shown::add(std::string_view title, std::string_view outside) {
  Passage passage(*this);
  passage.add(outside);
  passage.close(title);
}

void Shown::add(std::string_view title, std::shared_ptr<const image::Picture> picture) {
  pictures.push_back(std::move(picture));
  text += fmt::format("{}: [picture {}]{}\n\n", title, pictures.size(), lm::kPicturePlace);
}

void Passage::add(std::string_view outside) { text_ += without_places(outside); }

void Passage::add(image::Picture picture) {
  shown_.pictures.push_back(std::make_shared<const image::Picture>(std::move(picture)));
  text_ += fmt::format("[picture {}]{}", shown_.pictures.size(), lm::kPicturePlace);
}

void Passage::close(std::string_view title) { shown_.text += reward::quote(title, text_) + "\n"; }

Result<void> show_prompt(const Item& item, const Answer& answer, Shown& shown) {
  Passage passage(shown);
  std::string_view rest = item.prompt;
  for (const document::InputPicture& input : answer.document.inputs) {
    const std::size_t mark = rest.find(kMark);
    passage.add(rest.substr(0, mark));
    rest.remove_prefix(mark == std::string_view::npos ? rest.size() : mark + kMark.size());
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, input));
    passage.add(std::move(picture));
  }
  passage.add(rest);
  passage.close("The request");
  return {};
}

Result<void> show_answer(std::string_view title, const Answer& answer, Shown& shown) {
  Passage passage(shown);
  for (const document::Block& block : answer.document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      passage.add(text->markdown);
      continue;
    }
    passage.add("\n");
    if (const auto* ready = std::get<document::FigureBlock>(block).ready()) {
      LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, *ready));
      passage.add(std::move(picture));
    } else {
      passage.add("[a picture that could not be made]");
    }
    passage.add("\n");
  }
  passage.close(title);
  return {};
}

}  // namespace llmi::eval
