#include "net/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llmi::net {
namespace {

std::vector<std::string> events(std::string_view text, std::size_t step, bool finish = false) {
  std::vector<std::string> seen;
  EventReader reader;
  const auto sink = [&](const EventReader::Event& event) {
    seen.push_back(event.type + "|" + event.data);
    return true;
  };
  for (std::size_t at = 0; at < text.size(); at += step) EXPECT_TRUE(*reader.feed(text.substr(at, step), sink));
  if (finish) {
    EXPECT_TRUE(reader.finish(sink));
  }
  return seen;
}

constexpr std::string_view kStream =
    "\xEF\xBB\xBF: comment\n\ndata: one\r\n\r\nevent: done\ndata:two\ndata\ndata:  three\rid: 7\r\rretry: 5\n\ndata: "
    "cut";

TEST(EventReader, AnySplitGivesTheSameEvents) {
  const std::vector<std::string> expected{"|one", "done|two\n\n three"};
  for (std::size_t step = 1; step <= kStream.size(); ++step) EXPECT_EQ(events(kStream, step), expected) << step;
}

TEST(EventReader, FinishGivesTheEventThatTheEndCutOff) {
  EXPECT_EQ(events(kStream, 7, true).back(), "|cut");
  EXPECT_EQ(events("data: whole\n\n", 3, true), std::vector<std::string>{"|whole"});
}

TEST(EventReader, SinkEndsTheReading) {
  EventReader reader;
  int seen = 0;
  EXPECT_FALSE(*reader.feed("data: 1\n\ndata: 2\n\n", [&](const auto&) { return ++seen > 1; }));
  EXPECT_EQ(seen, 1);
}

TEST(LineReader, LongLinesAreAnError) {
  LineReader reader(10);
  const auto sink = [](std::string_view) { return true; };
  EXPECT_TRUE(reader.feed("0123456789", sink));
  EXPECT_EQ(reader.feed("x", sink).error().code, ErrorCode::kResourceExhausted);
}

TEST(LineReader, LastLineWithoutAnEnd) {
  LineReader reader;
  std::vector<std::string> lines;
  const auto sink = [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  };
  EXPECT_TRUE(reader.feed("{\"a\":1}\n{\"b\":2}", sink));
  EXPECT_TRUE(reader.finish(sink));
  EXPECT_EQ(lines, (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"}));
}

}  // namespace
}  // namespace llmi::net
