#include "store/run_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/sha256.h"
#include "store/run_record.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTag =
    R"(<imgen>{"source": "search", "description": "A cat", "params": {"query": "cat"}}</imgen>)";

class RunFolderTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path run() const { return scratch_.path() / "run"; }

  /// A run with one figure made, without its end.
  void write_run() const {
    auto writer = *RunWriter::create(run());
    writer->add({.body = document::RunStarted{.prompt = "cats", .seed = 7}});
    writer->add({.body = document::AnswerGrew{kTag}});
    document::FigureReady ready{.figure = {.file = "figures/01-a-cat.png", .sha256 = sha256_hex("bytes")}};
    ready.picture = std::make_shared<image::Picture>(image::Picture{.bytes = "bytes"});
    writer->add({.body = ready});
    ASSERT_TRUE(writer->status());
  }

  TemporaryFolder scratch_ = *TemporaryFolder::make();
};

TEST_F(RunFolderTest, CutAnywhereItIsARunThatSaysSo) {
  write_run();
  const std::string events = *read_file(run() / "events.jsonl");
  const std::size_t first = events.find('\n') + 1;
  for (std::size_t cut = first; cut <= events.size(); ++cut) {
    ASSERT_TRUE(write_file(run() / "events.jsonl", events.substr(0, cut)));
    const auto document = read_run(run());
    ASSERT_TRUE(document) << cut << document.error().message;
    EXPECT_FALSE(document->complete);
    EXPECT_EQ(document->reason, "interrupted");
    const auto& figure = std::get<document::FigureBlock>(document->blocks.at(0));
    EXPECT_EQ(figure.ready() != nullptr, cut + 1 >= events.size()) << cut;
  }
}

TEST_F(RunFolderTest, WithoutAnAnswerYet) {
  write_run();
  fs::remove(run() / "answer.txt");
  ASSERT_TRUE(read_run(run()));
  EXPECT_TRUE(read_run(run())->blocks.empty());
}

TEST_F(RunFolderTest, APictureThatCannotBeKeptIsNotAnnounced) {
  auto writer = *RunWriter::create(run());
  writer->add({.body = document::RunStarted{}});
  writer->add({.body = document::AnswerGrew{kTag}});
  ASSERT_TRUE(write_file(run() / "figures", "in the way"));
  document::FigureReady ready{.figure = {.file = "figures/01-a-cat.png", .sha256 = sha256_hex("bytes")}};
  ready.picture = std::make_shared<image::Picture>(image::Picture{.bytes = "bytes"});
  writer->add({.body = ready});
  EXPECT_FALSE(writer->status());
  ASSERT_TRUE(read_run(run()));
}

TEST_F(RunFolderTest, AResumedRunGoesOnBehindATornLine) {
  write_run();
  const std::string events = *read_file(run() / "events.jsonl");
  const std::size_t last = events.rfind('\n', events.size() - 2) + 1;
  for (std::size_t cut = last; cut <= events.size(); ++cut) {
    ASSERT_TRUE(write_file(run() / "events.jsonl", events.substr(0, cut)));
    ASSERT_TRUE(write_file(run() / "answer.txt", std::string(kTag) + "<imgen>{ cut"));
    auto writer = *RunWriter::resume(run());
    writer->add({.body = document::RunResumed{.answer_bytes = std::string_view(kTag).size()}});
    writer->add({.body = document::AnswerGrew{" End."}});
    writer->add({.body = document::RunFinished{}});
    ASSERT_TRUE(writer->status());
    const auto document = read_run(run());
    ASSERT_TRUE(document) << cut << document.error().message;
    EXPECT_EQ(document->answer, std::string(kTag) + " End.");
    // A line that was whole but for its end counts.
    const auto& figure = std::get<document::FigureBlock>(document->blocks.at(0));
    EXPECT_EQ(figure.ready() != nullptr, cut + 1 >= events.size()) << cut;
  }
}

TEST_F(RunFolderTest, NothingIsWrittenBehindAFailure) {
  auto writer = *RunWriter::create(run());
  writer->add({.body = document::RunStarted{}});
  ASSERT_TRUE(write_file(run() / "figures", "in the way"));
  document::FigureReady ready{.figure = {.file = "figures/01-a-cat.png"}};
  ready.picture = std::make_shared<image::Picture>(image::Picture{.bytes = "bytes"});
  writer->add({.body = ready});
  writer->add({.body = document::RunFinished{}});
  EXPECT_FALSE(writer->status());
  EXPECT_FALSE(read_run(run())->complete);
}

TEST_F(RunFolderTest, ADamagedPictureIsAnError) {
  write_run();
  ASSERT_TRUE(write_file(run() / "figures/01-a-cat.png", "other"));
  EXPECT_FALSE(read_run(run()));
}

}  // namespace
}  // namespace llmi::store
