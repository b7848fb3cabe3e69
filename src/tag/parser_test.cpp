#include "tag/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tag/body.h"

namespace llmi::tag {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kTag = R"(<imgen>{"source": "search", "description": "d", "params": {"query": "q"}}</imgen>)";

/// Feeds pieces and notes after how many of them each tag or fault came.
std::vector<std::size_t> pieces_until_figures(const std::vector<std::string>& pieces) {
  std::vector<std::size_t> result;
  std::size_t fed = 0;
  Parser parser(0, [&](const Item& item) {
    if (!std::holds_alternative<TextItem>(item)) result.push_back(fed);
  });
  for (const std::string& piece : pieces) {
    ++fed;
    parser.feed(piece);
  }
  ++fed;
  parser.finish();
  return result;
}

TEST(Parser, HandsOnATagWithTheByteThatCompletesIt) {
  const std::string most = kTag.substr(0, kTag.size() - 1);
  EXPECT_THAT(pieces_until_figures({"Hello\n\n- **See** ", most, ">", " more"}), ElementsAre(3));
  EXPECT_THAT(pieces_until_figures({"> 1. `a` ", kTag, "\n"}), ElementsAre(2));
  EXPECT_THAT(pieces_until_figures({most, "> more ", kTag}), ElementsAre(2, 3));
}

TEST(Parser, HandsOnAFaultWhenItIsCertain) {
  EXPECT_THAT(pieces_until_figures({"<imgen>{source: \"search\"}</imgen", ">", " more"}), ElementsAre(2));
  EXPECT_THAT(pieces_until_figures({"<imgen>{\"a\": <imgen>", " {", "x"}), ElementsAre(2, 4));
  // The open string may still hold the end mark; the next quote shows that it does not.
  EXPECT_THAT(pieces_until_figures({"<imgen>{\"source\": \"sea}</imgen>", " prose ", "\"x", "y"}), ElementsAre(3));
}

TEST(Parser, WaitsForContextOnlyAsLongAsItHasTo) {
  EXPECT_THAT(pieces_until_figures({"a ` b ", kTag, " more", "\n", "\n", "x"}), ElementsAre(5));
  EXPECT_THAT(pieces_until_figures({"a ` b ` ", kTag, " more"}), ElementsAre(2));
  EXPECT_THAT(pieces_until_figures({"```\n", kTag, "\n", "```", "\n", "x"}), ElementsAre(5));
}

TEST(Parser, HandsOnTextAsItComes) {
  std::string seen;
  Parser parser(0, [&](const Item& item) { seen += std::get<TextItem>(item).text; });
  parser.feed("Hello, <b");
  EXPECT_EQ(seen, "Hello, <b");
  parser.feed(" world \xC3");
  EXPECT_EQ(seen, "Hello, <b world ");
  parser.feed("\xA9 <im");
  EXPECT_EQ(seen, "Hello, <b world \u00e9 ");
  parser.finish();
  EXPECT_EQ(seen, "Hello, <b world \u00e9 <im");
}

TEST(Parser, JoinsNeighbouringText) {
  const auto items = parse("a < b `c` d\n\n- e");
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(std::get<TextItem>(items[0]), (TextItem{0, 16, "a < b `c` d\n\n- e"}));
}

TEST(ReadBody, GivesTheTagOrTheFaultAndTheRecoveries) {
  std::vector<std::string> recovered;
  const auto tag =
      read_body(R"({'source': 'edit', 'description': '', 'params': {'img_index': 1, 'prompt': 'p',}})", 2, &recovered);
  EXPECT_EQ(std::get<Tag>(tag), (Tag{"", EditParams{1, "p"}}));
  EXPECT_THAT(recovered, ElementsAre("python", "trailing_comma"));
  EXPECT_EQ(std::get<Fault>(
                read_body(R"({"source": "edit", "description": "", "params": {"img_index": 1, "prompt": "p"}})", 1))
                .stage,
            Stage::kSchema);
  EXPECT_EQ(std::get<Fault>(read_body("{", 1)).stage, Stage::kParse);
}

TEST(ReadBody, MessagesSayWhereAndHow) {
  const auto message = [](std::string_view body) { return std::get<Fault>(read_body(body, 0)).message; };
  EXPECT_THAT(message("{\"source\": “search”}"),
              AllOf(HasSubstr("curly"), HasSubstr("byte 11"), HasSubstr("“search”")));
  EXPECT_THAT(message(R"({"source": "search"})"), HasSubstr("\"description\""));
  EXPECT_THAT(message(R"({"source": "search", "description": "", "params": {}})"), HasSubstr("\"query\""));
}

std::string code_of_size(std::size_t body_size) {
  const std::string head = R"({"source": "code", "description": "d", "params": {"code": ")";
  return "<imgen>" + head + std::string(body_size - head.size() - 3, 'x') + "\"}}</imgen>";
}

TEST(Parser, ABodyMayBe256KibibytesLong) {
  const auto longest = parse(code_of_size(kMaxBody) + kTag);
  ASSERT_EQ(longest.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<TagItem>(longest[0]));
  const auto longer = parse(code_of_size(kMaxBody + 1) + kTag);
  ASSERT_EQ(longer.size(), 2U);
  const auto& fault = std::get<FaultItem>(longer[0]);
  EXPECT_EQ(fault.fault.stage, Stage::kParse);
  EXPECT_THAT(fault.fault.message, HasSubstr("256 KiB"));
  EXPECT_EQ(fault.end, kMaxBody + 1 + 15);
  EXPECT_EQ(std::get<TagItem>(longer[1]).index, 1U);
}

TEST(Parser, AnOverlongTagEndsLikeAnyOther) {
  const std::string open = "<imgen>{\"source\": \"" + std::string(kMaxBody, 'x');
  EXPECT_EQ(std::get<FaultItem>(parse(open)[0]).end, open.size());
  const auto second = parse(open + kTag);
  EXPECT_EQ(std::get<FaultItem>(second[0]).end, open.size());
  EXPECT_TRUE(std::holds_alternative<TagItem>(second[1]));
  const auto early = parse("<imgen>{\"source\": \"x}</imgen> " + std::string(kMaxBody, 'x') + kTag);
  EXPECT_EQ(std::get<FaultItem>(early[0]).end, 29U);
}

/// Sums up without keeping anything.
struct Totals {
  std::size_t text = 0;
  std::size_t tags = 0;
  std::size_t faults = 0;
  std::size_t work = 0;
  std::size_t longest_item = 0;
};

Totals totals(const std::string& unit, std::size_t size, std::size_t piece, const std::string& head = "") {
  Totals result;
  Parser parser(0, [&](const Item& item) {
    if (const auto* text = std::get_if<TextItem>(&item)) {
      result.text += text->end - text->begin;
      result.longest_item = std::max(result.longest_item, text->end - text->begin);
    }
    if (std::holds_alternative<TagItem>(item)) ++result.tags;
    if (std::holds_alternative<FaultItem>(item)) ++result.faults;
  });
  std::string all = head;
  while (all.size() < size) all += unit;
  for (std::size_t at = 0; at < all.size(); at += piece) parser.feed(std::string_view(all).substr(at, piece));
  parser.finish();
  result.work = parser.work();
  return result;
}

TEST(ParserLimits, TenThousandTags) {
  const Totals found = totals(kTag + "\n", 10'000 * (kTag.size() + 1), 4096);
  EXPECT_EQ(found.tags, 10'000U);
  EXPECT_EQ(found.faults, 0U);
}

TEST(ParserLimits, AnEndlessTagIsOneFault) {
  const Totals found =
      totals("endless ", std::size_t{8} << 20, 4096, "<imgen>{\"source\": \"code\", \"description\": \"");
  EXPECT_EQ(found.faults, 1U);
  EXPECT_EQ(found.text, 0U);
}

struct Hostile {
  const char* name;
  std::string unit;
  std::string head;
};

class HostileInput : public ::testing::TestWithParam<Hostile> {};

// Counts bytes looked at, not seconds: the same for an input four times as long is four times as much.
TEST_P(HostileInput, TakesLinearWork) {
  const auto& [name, unit, head] = GetParam();
  for (const std::size_t piece : {std::size_t{7}, std::size_t{1} << 30}) {
    const std::size_t small = 80'000;
    const Totals once = totals(unit, small, piece, head);
    const Totals four = totals(unit, 4 * small, piece, head);
    EXPECT_LE(once.work, std::size_t{12} * small) << name << " in pieces of " << piece;
    EXPECT_LE(four.work, std::size_t{48} * small) << name << " in pieces of " << piece;
  }
}

std::vector<Hostile> hostile_inputs() {
  std::string runs;
  for (std::size_t length = 1; length < 40; ++length) runs += std::string(length, '`') + " <imgen>{</imgen> ";
  return {{"begins with an open string", "<imgen>{\"", ""},
          {"begins with an open key", "<imgen>{\"a", ""},
          {"begins", "<imgen>{", ""},
          {"ends", "</imgen>", ""},
          {"ends in an open string", "</imgen>", "<imgen>{\""},
          {"ends in a broken tag", "</imgen>", "<imgen>{x"},
          {"begins in an open string", "<imgen>{ ", "<imgen>{'''"},
          {"begins nested in strings of all kinds", "<imgen>{ x ", "<imgen>{'''<imgen>{\"\"\"<imgen>{'<imgen>{\""},
          {"strings that change kind", "<imgen>{\" '\" ", ""},
          {"concatenation", "\"a\" ", "<imgen>{\"k\": "},
          {"quotes that never end", "' , ", "<imgen>{'source': '"},
          {"commas and keys", "', 'source': ", "<imgen>{'source': '"},
          {"quotes and spaces", "'      ", "<imgen>{'source': 'x'x"},
          {"deep", "{\"a\":", "<imgen>"},
          {"brackets", "[", "<imgen>{\"a\":"},
          {"begins and blanks", "<imgen>   ", ""},
          {"a begin and blanks", " ", "<imgen>"},
          {"partial marks", "<imgen<imgen</imgen<think", ""},
          {"thoughts", "<think></think>", ""},
          {"an open thought", "</think", "<think>"},
          {"backticks", "`", ""},
          {"lone backticks of all lengths before tags", runs, ""},
          {"backticks and begins", "` <imgen>{ `` <imgen>{ ", ""},
          {"a lone backtick and begins", "<imgen>{}", "` "},
          {"a lone backtick and lines", "<imgen>{}</imgen>\n", "` "},
          {"fences", "```\n", ""},
          {"fences with begins", "```\n<imgen>{\n", ""},
          {"a fence of tags", kTag + "\n", "```\n"},
          {"a fence of broken tags", "<imgen>{}</imgen> ", "```\n"},
          {"backslashes", "\\", ""},
          {"backslashes and backticks", "\\\\\\`", ""},
          {"quote marks", "> ", ""},
          {"quote lines", "> > > > >\n", ""},
          {"list marks", "- ", ""},
          {"list lines", "- - - - x\n", ""},
          {"deeper and deeper", "\n  - ", ""},
          {"digits", "1", ""},
          {"tabs", "\t", ""},
          {"dashes", "-", ""},
          {"carriage returns", "\r", ""},
          {"invalid bytes", "\xE4\xB8", ""},
          {"NUL", std::string(1, '\0'), ""}};
}

INSTANTIATE_TEST_SUITE_P(Parser, HostileInput, ::testing::ValuesIn(hostile_inputs()));

TEST(ParserLimits, NothingIsHeldBackForever) {
  // What may be held: a tag, a fence of tags, a paragraph behind a lone backtick; each up to its limit.
  for (const std::string head : {"", "` ", "```\n", "<imgen>{\"", "> ", "<imgen>"}) {
    std::size_t fed = 0;
    std::size_t seen = 0;
    std::size_t behind = 0;
    Parser parser(0, [&](const Item& item) { seen = std::visit([](const auto& it) { return it.end; }, item); });
    const std::string piece = head + std::string(5000, 'x') + kTag;
    for (int i = 0; i < 1000; ++i) {
      const std::string_view next = i == 0 ? std::string_view(piece) : std::string_view(piece).substr(head.size());
      parser.feed(next);
      fed += next.size();
      behind = std::max(behind, fed - seen);
    }
    EXPECT_LE(behind, (std::size_t{1} << 20) + 10'000) << head;
  }
}

}  // namespace
}  // namespace llmi::tag
