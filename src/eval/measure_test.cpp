#include "eval/measure.h"

#include "eval/testing_answer.h"

namespace llmi::eval {
namespace {

double value(const std::vector<Measure>& measures, const std::string& name) {
  const Measure measure = measure_named(measures, name);
  return measure.sum / measure.weight;
}

Item asking_for(int image_num, std::string_view tools = "-") {
  return {.id = "1", .prompt = "Foxes", .image_num = image_num, .tools = data::parse_tools(tools)};
}

TEST(Measure, TagsPicturesAndToolsAreCountedApart) {
  const Item item = asking_for(3, "search+code");
  const WrittenAnswer written(item, "Foxes." + tag_text("search", "fox") + tag_text("search", "broken") +
                                        tag_text("diffusion", "den") + "<imgen>{\"source\": \"paint\"}</imgen>\n");
  const auto measures = measure(item, written.get().document);
  EXPECT_DOUBLE_EQ(value(measures, "tag_validity"), 0.75);
  EXPECT_DOUBLE_EQ(value(measures, "tool_accuracy"), 0.5);
  EXPECT_DOUBLE_EQ(value(measures, "execution_search"), 0.5);
  EXPECT_DOUBLE_EQ(value(measures, "execution_diffusion"), 1);
  EXPECT_FALSE(has_measure(measures, "execution_code"));
  EXPECT_DOUBLE_EQ(value(measures, "count_match"), 0);
  EXPECT_NEAR(value(measures, "count_rule"), 2.0 / 3, 1e-9);
  EXPECT_DOUBLE_EQ(value(measures, "missing_pictures"), 1);
  EXPECT_DOUBLE_EQ(value(measures, "extra_pictures"), 0);
  // Of search and code, search alone brought a picture; of two pictures, one came of a tool that was asked for.
  EXPECT_DOUBLE_EQ(value(measures, "right_tool"), 0.5);
  EXPECT_DOUBLE_EQ(value(measures, "right_tool_pictures"), 0.5);
  EXPECT_DOUBLE_EQ(value(measures, "complete"), 1);
}

TEST(Measure, AToolThatRanIsNotTheRightOneForIt) {
  const Item item = asking_for(data::kSomePictures, "code");
  const WrittenAnswer written(item, "Foxes." + tag_text("search", "fox") + tag_text("code", "broken"));
  const auto measures = measure(item, written.get().document);
  EXPECT_DOUBLE_EQ(value(measures, "tool_choice"), 1);
  EXPECT_DOUBLE_EQ(value(measures, "right_tool"), 0);
  EXPECT_DOUBLE_EQ(value(measures, "right_tool_pictures"), 0);
  // Half for the attempt.
  EXPECT_DOUBLE_EQ(value(measures, "tool_rule"), 0.5);
  EXPECT_DOUBLE_EQ(value(measures, "count_match"), 1);
}

TEST(Measure, CountsByKind) {
  const std::string one = "Foxes." + tag_text("search", "fox");
  for (const auto& [wanted, match, missing, extra] :
       {std::tuple{data::kNoPictures, 0, 0, 1}, {1, 1, 0, 0}, {2, 0, 1, 0}, {data::kSomePictures, 1, 0, 0}}) {
    const Item item = asking_for(wanted);
    const WrittenAnswer written(item, one);
    const auto measures = measure(item, written.get().document);
    EXPECT_DOUBLE_EQ(value(measures, "count_match"), match) << wanted;
    EXPECT_DOUBLE_EQ(value(measures, "missing_pictures"), missing) << wanted;
    EXPECT_DOUBLE_EQ(value(measures, "extra_pictures"), extra) << wanted;
  }
  const Item any = asking_for(data::kAnyPictures);
  EXPECT_FALSE(has_measure(measure(any, WrittenAnswer(any, one).get().document), "count_match"));
}

TEST(Measure, NothingIsSaidOfWhatDoesNotApply) {
  const Item item{.id = "1", .prompt = "Foxes"};
  const auto measures = measure(item, WrittenAnswer(item, "Foxes are red.").get().document);
  for (const char* name : {"tag_validity", "tool_accuracy", "right_tool", "tool_choice", "structure_strict", "cost"})
    EXPECT_FALSE(has_measure(measures, name)) << name;
}

TEST(Measure, StructureStrictAndLenient) {
  Item item{.id = "1", .prompt = "Foxes", .structure = "tii"};
  const auto measures =
      measure(item, WrittenAnswer(item, "Foxes." + tag_text("search", "fox") + "More.").get().document);
  EXPECT_DOUBLE_EQ(value(measures, "structure_strict"), 0);
  EXPECT_NEAR(value(measures, "structure_lenient"), 2.0 / 3, 1e-9);
}

TEST(Measure, HowADocumentReads) {
  const Item item{.id = "1", .prompt = "Foxes and their dens"};
  const auto measures =
      measure(item, WrittenAnswer(item, "# Foxes\n\nFoxes are red.\n\nFoxes are red.").get().document);
  EXPECT_DOUBLE_EQ(value(measures, "topic"), 0.5);
  EXPECT_LT(value(measures, "variety"), 1);
  EXPECT_DOUBLE_EQ(value(measures, "shape"), 1);
  EXPECT_LT(value(measures, "substance"), 0.1);
  EXPECT_DOUBLE_EQ(value(measures, "fit"), 1);
}

TEST(Measure, APlanCountsCallsAsPictures) {
  const Item item = asking_for(2, "search");
  const WrittenAnswer written(item, "Foxes." + tag_text("search", "fox") + tag_text("search", "broken"), true);
  const auto measures = measure(item, written.get().document, true);
  EXPECT_DOUBLE_EQ(value(measures, "count_match"), 1);
  EXPECT_DOUBLE_EQ(value(measures, "tool_choice"), 1);
  EXPECT_FALSE(has_measure(measures, "tool_accuracy"));
  EXPECT_FALSE(has_measure(measures, "execution_search"));
}

}  // namespace
}  // namespace llmi::eval
