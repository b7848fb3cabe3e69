#include "eval/isg_blocks.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "image/decode.h"
#include "store/run_record.h"

namespace llmi::eval::isg {
namespace {

using Json = nlohmann::ordered_json;

class Naming {
 public:
  Naming(Blocks& blocks, std::string_view side) : blocks_(blocks), side_(side) {}
  void add_text(std::string text) { blocks_[fmt::format("<{}_text{}>", side_, ++texts_)].text = std::move(text); }
  void add_picture(image::Picture picture) {
    blocks_[fmt::format("<{}_img{}>", side_, ++pictures_)].picture =
        std::make_shared<const image::Picture>(std::move(picture));
  }

 private:
  Blocks& blocks_;
  std::string_view side_;
  int texts_ = 0;
  int pictures_ = 0;
};

}  // namespace

Result<Blocks> named_blocks(const Item& item, const Answer& answer) {
  Blocks blocks;
  Naming generated(blocks, "gen");
  for (const AnswerBlock& block : blocks_of(answer.document)) {
    if (block.picture == nullptr) {
      generated.add_text(block.text);
      continue;
    }
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, *block.picture));
    generated.add_picture(std::move(picture));
  }
  Naming query(blocks, "query");
  const Json source = Json::parse(item.source);
  for (const Json& block : source.at("Query"))
    if (block.at("type") == "text") query.add_text(block.at("content").get<std::string>());
  for (const document::InputPicture& input : answer.document.inputs) {
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, input));
    query.add_picture(std::move(picture));
  }
  return blocks;
}

Result<Shown> show_with_reference(const RunContext& context, const Item& item, const Answer& answer) {
  Shown shown;
  LLMI_CHECK_OK(show_prompt(item, answer, shown));
  LLMI_CHECK_OK(show_answer("The answer", answer, shown));
  Passage reference(shown);
  const Json source = Json::parse(item.source);
  for (const Json& block : source.at("Golden")) {
    const std::string content = block.at("content").get<std::string>();
    if (block.at("type") == "text") {
      reference.add(content + "\n");
      continue;
    }
    LLMI_TRY(const std::string bytes, read_file(item.folder / content, image::DecodeLimits{}.max_bytes));
    LLMI_TRY(image::Picture picture, image::decode_untrusted(context, bytes));
    reference.add(std::move(picture));
    reference.add("\n");
  }
  reference.close("The reference");
  return shown;
}

}  // namespace llmi::eval::isg
