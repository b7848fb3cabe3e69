#include "eval/steps.h"

#include <nlohmann/json.hpp>

#include "store/run_record.h"

namespace llmi::eval {

using Json = nlohmann::ordered_json;

Result<Json> steps_of(const Answer& answer, const KeepPicture& keep) {
  Json steps = Json::array();
  for (const AnswerBlock& block : blocks_of(answer.document)) {
    if (block.picture == nullptr) {
      steps.push_back({{"text", block.text}, {"image", nullptr}});
      continue;
    }
    LLMI_TRY(const image::Picture picture, store::read_picture(answer.folder, *block.picture));
    LLMI_TRY(const std::string name, keep(*block.picture, picture));
    if (steps.empty() || !steps.back()["image"].is_null()) steps.push_back({{"text", ""}, {"image", nullptr}});
    steps.back()["image"] = name;
  }
  return steps;
}

}  // namespace llmi::eval
