#include "eval/isg_questions.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace llmi::eval::isg {
namespace {

using Json = nlohmann::ordered_json;

/// The list of questions, which stands by itself or as the first member of an object.
Json list_in(const Json& predict, const char* level) {
  const auto found = predict.find(level);
  if (found == predict.end() || found->empty()) return Json::array();
  return found->is_array() ? *found : found->front();
}

/// Ids are numbers in most items and texts in some.
std::string id_of(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

BlockQuestion block_question(const Json& json) {
  return {.subject = json.value("subject", std::string()),
          .object = json.value("object", std::string()),
          .text = json.value("Question", std::string())};
}

ImageQuestion image_question(const Json& json) {
  ImageQuestion question{.id = id_of(json.at("id")),
                         .image = json.at("image").get<std::string>(),
                         .text = json.at("Question").get<std::string>()};
  for (const Json& id : json.value("Preliminary", Json::array())) question.preliminary.push_back(id_of(id));
  return question;
}

}  // namespace

Result<Questions> questions_of(std::string_view item_json) {
  try {
    const Json item = Json::parse(item_json);
    const Json predict = item.value("predict", Json::object());
    Questions questions;
    for (const Json& json : list_in(predict, "block_qa")) {
      BlockQuestion question = block_question(json);
      if (!question.subject.empty() && !question.object.empty() && !question.text.empty())
        questions.block.push_back(std::move(question));
    }
    for (const Json& json : list_in(predict, "image_qa")) questions.image.push_back(image_question(json));
    return questions;
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller, std::string("predict: ") + error.what());
  }
}

}  // namespace llmi::eval::isg
