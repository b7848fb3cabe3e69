#include "store/run_place.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/file.h"
#include "base/sha256.h"
#include "store/run_folder.h"
#include "store/run_record.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTag =
    R"(<imgen>{"source": "search", "description": "A cat", "params": {"query": "cat"}}</imgen>)";

document::Event figure_event() {
  document::FigureReady ready{.figure = {.file = "figures/01-a-cat.png", .sha256 = sha256_hex("bytes")}};
  ready.picture = std::make_shared<image::Picture>(image::Picture{.bytes = "bytes"});
  return {.body = ready};
}

/// A run with an input and one figure, from its first event to its last.
void write_run(const fs::path& folder, const std::string& prompt) {
  auto writer = *RunWriter::create(folder);
  const auto input = *writer->add_input("in.png", image::Picture{.bytes = "input"});
  writer->add({.body = document::RunStarted{.prompt = prompt, .inputs = {input}}});
  writer->add({.body = document::AnswerGrew{kTag}});
  writer->add(figure_event());
  writer->add({.body = document::RunFinished{}});
}

/// Runs `work` in a child that is killed as it makes its `calls`-th system call; false once it ends before that.
bool killed_at_call(int calls, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  for (int i = 0; i < 2 * calls && WIFSTOPPED(status); ++i) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
  }
  if (!WIFSTOPPED(status)) return false;
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return true;
}

class RunPlaceTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path run() const { return scratch_.path() / "run"; }
  TemporaryFolder scratch_ = *TemporaryFolder::make();
};

TEST_F(RunPlaceTest, KilledAtAnyCallItIsFreeOrARun) {
  int calls = 0;
  while (killed_at_call(++calls, [&] { write_run(run(), "new"); })) {
    ASSERT_TRUE(check_free(run())) << "killed at call " << calls;
    ASSERT_TRUE(!holds_a_run(run()) || read_run(run())) << "killed at call " << calls;
    fs::remove_all(run());
  }
  EXPECT_GT(calls, 20);
  EXPECT_TRUE(read_run(run())->complete);
}

TEST_F(RunPlaceTest, KilledWhileItReplacesARunItIsFreeAgain) {
  int calls = 0;
  do {
    fs::remove_all(run());
    write_run(run(), "old");
    ASSERT_TRUE(check_free(run()));
  } while (killed_at_call(++calls, [&] { write_run(run(), "new"); }) && check_free(run()));
  EXPECT_GT(calls, 30);
  ASSERT_TRUE(read_run(run())) << "after a kill at call " << calls;
  EXPECT_EQ(read_run(run())->prompt, "new");
}

TEST_F(RunPlaceTest, AnOlderRunIsReplacedWholeInItsFolder) {
  write_run(run(), "old");
  ASSERT_TRUE(write_file(run() / "document.pdf", "old"));
  ASSERT_TRUE(write_file(run() / "scale.json", "old"));
  const fs::path link = scratch_.path() / "link";
  fs::create_directory_symlink(run(), link);
  auto writer = *RunWriter::create(link);
  EXPECT_EQ(read_run(run())->prompt, "old") << "until the new one begins";
  writer->add({.body = document::RunStarted{.prompt = "new"}});
  ASSERT_TRUE(writer->status());
  // In the folder itself, which may be a mount point.
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(read_run(run())->prompt, "new");
  EXPECT_FALSE(fs::exists(run() / "document.pdf"));
  EXPECT_FALSE(fs::exists(run() / "scale.json"));
  EXPECT_FALSE(fs::exists(run() / "figures"));
}

TEST_F(RunPlaceTest, OtherPeoplesFilesAreNeverTaken) {
  for (const char* name : {"letter.txt", "figures/holiday.png", "answer.txt", "events.jsonl", "document.html"}) {
    fs::remove_all(run());
    ASSERT_TRUE(write_file(run() / name, "mine"));
    EXPECT_FALSE(check_free(run())) << name;
    EXPECT_FALSE(RunWriter::create(run())) << name;
    EXPECT_FALSE(remove_run(run())) << name;
    EXPECT_EQ(*read_file(run() / name), "mine");
  }
  EXPECT_FALSE(check_free(run() / "document.html"));
}

TEST_F(RunPlaceTest, ARunThatIsBeingWrittenIsLeftAlone) {
  auto writer = *RunWriter::create(run());
  writer->add({.body = document::RunStarted{}});
  EXPECT_TRUE(is_being_written(run()));
  EXPECT_FALSE(check_free(run()));
  EXPECT_FALSE(RunWriter::create(run()));
  EXPECT_FALSE(RunWriter::resume(run()));
  EXPECT_FALSE(remove_run(run()));
  writer.reset();
  EXPECT_FALSE(is_being_written(run()));
  EXPECT_TRUE(check_free(run()));
  EXPECT_TRUE(RunWriter::resume(run()));
}

TEST_F(RunPlaceTest, RemovingARunLeavesOtherFiles) {
  write_run(run(), "old");
  EXPECT_EQ(remove_run(run()), true);
  EXPECT_FALSE(fs::exists(run()));
  write_run(run(), "old");
  ASSERT_TRUE(write_file(run() / "notes.txt", "mine"));
  EXPECT_EQ(remove_run(run()), false);
  ASSERT_EQ(std::distance(fs::directory_iterator(run()), fs::directory_iterator()), 1);
  EXPECT_EQ(*read_file(run() / "notes.txt"), "mine");
}

}  // namespace
}  // namespace llmi::store
