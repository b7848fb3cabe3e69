#include "data/check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace llmi::data {
namespace {

using Json = nlohmann::json;

/// A row in the published shape.
Json good_row() {
  return Json::parse(
      R"({"prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"Write about foxes."}],
    "images":[],"data_source":"interleaved",
    "extra_info":{"split":"train","index":0,"image_num":2,"tools":["search","code"],"question":"Write about foxes."}})");
}

/// "FIELD: message" of every finding in a file of these rows.
std::vector<std::string> findings(const std::vector<Json>& rows, bool remarks = false) {
  std::string text;
  for (const Json& row : rows) text += row.dump() + "\n";
  std::vector<std::string> found;
  for (const Finding& finding : check(text, {.leaks = {"search"}}).findings)
    if (finding.remark == remarks)
      found.push_back(fmt::format("{}: {}: {}", finding.line, finding.field, finding.message));
  return found;
}

/// One row that differs from the good one in one place must be found there.
void expect_field(const char* pointer, const Json& value, const std::string& field) {
  Json row = good_row();
  row[Json::json_pointer(pointer)] = value;
  const auto found = findings({good_row(), row});
  ASSERT_FALSE(found.empty()) << pointer << " = " << value;
  EXPECT_TRUE(found[0].starts_with("2: " + field + ": ")) << found[0];
}

TEST(Check, TakesThePublishedShape) {
  EXPECT_EQ(findings({good_row()}), std::vector<std::string>{});
  Json parts = good_row();
  parts["prompt"][1]["content"] = {{{"type", "text"}, {"text", "Write about foxes."}}};
  EXPECT_EQ(findings({parts}), std::vector<std::string>{});
  Json without = good_row();
  without.erase("images");
  EXPECT_EQ(findings({without}), std::vector<std::string>{});
}

TEST(Check, NamesRowAndField) {
  expect_field("/prompt", "text", "prompt");
  expect_field("/prompt", Json::array(), "prompt");
  expect_field("/prompt/0/role", "narrator", "prompt[0].role");
  expect_field("/prompt/1/content", "  ", "prompt[1].content");
  expect_field("/prompt/1/role", "assistant", "prompt");
  expect_field("/data_source", 3, "data_source");
  expect_field("/images", "fox.png", "images");
  expect_field("/extra_info", Json::array(), "extra_info");
  expect_field("/extra_info/split", "valid", "extra_info.split");
  expect_field("/extra_info/index", -1, "extra_info.index");
  expect_field("/extra_info/index", "0", "extra_info.index");
  expect_field("/extra_info/image_num", 100, "extra_info.image_num");
  expect_field("/extra_info/image_num", -2, "extra_info.image_num");
  expect_field("/extra_info/image_num", 1.5, "extra_info.image_num");
  expect_field("/extra_info/tools", "search", "extra_info.tools");
  expect_field("/extra_info/tools", {"paint"}, "extra_info.tools");
  expect_field("/extra_info/tools", {"code", "code"}, "extra_info.tools");
  expect_field("/extra_info/question", "", "extra_info.question");
  expect_field("/extra_info/image_num", -1, "extra_info.tools");
}

TEST(Check, PicturesMustMatchTheirMarks) {
  Json row = good_row();
  row["data_source"] = "interleaved_mm";
  EXPECT_EQ(findings({row}).at(0), "1: images: is empty in a row of interleaved_mm");
  row["prompt"][1]["content"] = "<image>Write about this fox.";
  row["images"] = {"data:image/png;base64,AAAA"};
  EXPECT_EQ(findings({row}), std::vector<std::string>{});
  row["images"] = {{{"bytes", "AAAA"}, {"path", nullptr}}};
  EXPECT_EQ(findings({row}), std::vector<std::string>{});
  row["images"].push_back("data:image/png;base64,AAAA");
  EXPECT_EQ(findings({row}).at(0), "1: images: holds 2 pictures for 1 <image> marks in the prompt");
  row["images"] = {"no-such-file.png"};
  EXPECT_EQ(findings({row}).at(0), "1: images[0]: \"no-such-file.png\" is not there");
  row["images"] = {42};
  EXPECT_TRUE(findings({row}).at(0).starts_with("1: images[0]: must be"));
}

TEST(Check, FindsTopicsInBothSplitsAndIdsThatRepeat) {
  Json first = good_row();
  first["extra_info"]["topic"] = "foxes";
  first["extra_info"]["id"] = "a";
  Json second = first;
  second["extra_info"]["split"] = "test";
  const auto found = findings({first, second});
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0], "2: extra_info.split: topic \"foxes\" is in train and in test");
  EXPECT_EQ(found[1], "2: extra_info.id: \"a\" is that of line 1 too");
}

TEST(Check, LeaksAndNearDuplicatesAreRemarks) {
  Json leaky = good_row();
  leaky["prompt"][1]["content"] = "Search for a fox and tell me about it.";
  const auto found = findings({good_row(), leaky, good_row()}, true);
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0], "2: prompt: names a tool (\"search\")");
  EXPECT_EQ(found[1], "3: prompt: nearly the same as line 1 (1.00 alike)");
  EXPECT_TRUE(check(leaky.dump(), {.leaks = {"search"}}).usable());
}

TEST(Check, SurvivesWhatIsNoRow) {
  for (const char* text :
       {"", "\n\n", "{", "[1]", "null", "\xff\xfe", "{\"prompt\":[[[]]]}", "{\"extra_info\":{\"tools\":[null]}}",
        "{\"prompt\":[{\"role\":\"user\",\"content\":[1,{}]}]}"})
    EXPECT_FALSE(check(text, {}).usable()) << text;
}

}  // namespace
}  // namespace llmi::data
