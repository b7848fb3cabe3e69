#include "store/run_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/sha256.h"

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
  fs::remove(run() / "figures");
  ASSERT_TRUE(write_file(run() / "figures", "in the way"));
  document::FigureReady ready{.figure = {.file = "figures/01-a-cat.png", .sha256 = sha256_hex("bytes")}};
  ready.picture = std::make_shared<image::Picture>(image::Picture{.bytes = "bytes"});
  writer->add({.body = ready});
  EXPECT_FALSE(writer->status());
  ASSERT_TRUE(read_run(run()));
}

TEST_F(RunFolderTest, ADamagedPictureIsAnError) {
  write_run();
  ASSERT_TRUE(write_file(run() / "figures/01-a-cat.png", "other"));
  EXPECT_FALSE(read_run(run()));
}

}  // namespace
}  // namespace llmi::store
