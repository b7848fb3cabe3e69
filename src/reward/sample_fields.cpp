#include "reward/sample_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "data/check_shape.h"

namespace llmi::reward {
namespace {

using Json = nlohmann::json;

constexpr int kLargestCount = 1000;

Result<std::string> read_id(const Json& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  return bad_field("id", "must be a text");
}

Result<std::string> read_prompt(const Json& flat) {
  const Json& prompt = member(flat, "prompt");
  if (prompt.is_string()) return prompt.get<std::string>();
  if (prompt.is_array()) {
    std::string text = data::user_text(flat);
    if (text.empty()) return bad_field("prompt", "holds no text of a user");
    return text;
  }
  if (!prompt.is_null()) return bad_field("prompt", "must be a text or a list of messages");
  const Json& question = member(flat, "question");
  if (question.is_null()) return std::string();
  if (!question.is_string()) return bad_field("question", "must be a text");
  return question.get<std::string>();
}

Result<std::string> read_answer(const Json& flat) {
  const Json& answer = member(flat, "answer");
  if (answer.is_string()) return answer.get<std::string>();
  if (!answer.is_null()) return bad_field("answer", "must be a text");
  if (member(flat, "run").is_null()) return bad_field("answer", "is required");
  return std::string();
}

Result<int> read_image_num(const Json& value) {
  constexpr std::string_view kExpected = "must be -1 (none), 0 (any), 99 (some) or the number of pictures";
  if (value.is_null()) return bad_field("image_num", fmt::format("is required: it {}", kExpected));
  if (!value.is_number_integer()) return bad_field("image_num", kExpected);
  const auto number = value.get<std::int64_t>();
  if (number < kNoPictures || number > kLargestCount) return bad_field("image_num", kExpected);
  return static_cast<int>(number);
}

Result<std::vector<tag::Source>> read_tools(const Json& value) {
  std::vector<tag::Source> tools;
  if (value.is_null()) return tools;
  if (!value.is_array()) return bad_field("tools", "must be a list");
  for (const Json& entry : value) {
    const auto source = entry.is_string() ? tag::source_from_name(entry.get<std::string>()) : std::nullopt;
    if (!source) return bad_field("tools", fmt::format("{} is no tool: search, diffusion, code or edit", entry.dump()));
    if (std::ranges::count(tools, *source) == 0) tools.push_back(*source);
  }
  return tools;
}

Result<Split> read_split(const Json& value) {
  if (value.is_null() || value == "train") return Split::kTrain;
  if (value == "test") return Split::kTest;
  return bad_field("split", "must be train or test");
}

Result<Modality> read_modality(const Json& flat) {
  const Json& value = member(flat, "modality");
  if (value == "text") return Modality::kText;
  if (value == "mm") return Modality::kMultimodal;
  if (!value.is_null()) return bad_field("modality", "must be text or mm");
  const Json& images = member(flat, "images");
  const bool with_pictures = images.is_array() && !images.empty();
  return with_pictures || member(flat, "data_source") == "interleaved_mm" ? Modality::kMultimodal : Modality::kText;
}

Result<std::optional<bool>> read_needs(const Json& value) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) return bad_field("needs_pictures", "must be true, false or null");
  return std::optional(value.get<bool>());
}

}  // namespace

const Json& member(const Json& object, std::string_view name) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::unexpected<Error> bad_field(std::string_view field, std::string_view message) {
  return invalid_argument(fmt::format("{}: {}", field, message));
}

Json flattened(const Json& row) {
  Json flat = member(row, "extra_info").is_object() ? row["extra_info"] : Json::object();
  for (const auto& [name, value] : row.items()) {
    if (name != "extra_info" && !(value.is_null() && flat.contains(name))) flat[name] = value;
  }
  return flat;
}

Result<Sample> read_plain_fields(const Json& flat) {
  Sample sample;
  LLMI_TRY(sample.id, read_id(member(flat, "id")));
  LLMI_TRY(sample.prompt, read_prompt(flat));
  LLMI_TRY(sample.answer, read_answer(flat));
  LLMI_TRY(sample.image_num, read_image_num(member(flat, "image_num")));
  LLMI_TRY(sample.tools, read_tools(member(flat, "tools")));
  LLMI_TRY(sample.split, read_split(member(flat, "split")));
  LLMI_TRY(sample.modality, read_modality(flat));
  LLMI_TRY(sample.needs_pictures, read_needs(member(flat, "needs_pictures")));
  return sample;
}

}  // namespace llmi::reward
