#include "eval/answer.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

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

}  // namespace

void Shown::add(image::Picture picture) {
  pictures.push_back(std::make_shared<const image::Picture>(std::move(picture)));
  text += fmt::format("[picture {}]", pictures.size());
}

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

Result<void> show_prompt(const Item& item, const Answer& answer, Shown& shown) {
  std::string_view rest = item.prompt;
  for (const document::InputPicture& input : answer.document.inputs) {
    const std::size_t mark = rest.find(kMark);
    shown.text += rest.substr(0, mark);
    rest.remove_prefix(mark == std::string_view::npos ? rest.size() : mark + kMark.size());
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, input));
    shown.add(std::move(picture));
  }
  shown.text += rest;
  return {};
}

Result<void> show_answer(const Answer& answer, Shown& shown) {
  for (const document::Block& block : answer.document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      shown.text += text->markdown;
      continue;
    }
    shown.text += "\n";
    if (const auto* ready = std::get<document::FigureBlock>(block).ready()) {
      LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, *ready));
      shown.add(std::move(picture));
    } else {
      shown.text += "[a picture that could not be made]";
    }
    shown.text += "\n";
  }
  return {};
}

}  // namespace llmi::eval
