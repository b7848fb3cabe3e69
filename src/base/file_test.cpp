#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/sha256.h"

namespace llmi {
namespace {

TEST(File, WritesAndReadsBack) {
  const auto folder = TemporaryFolder::make().value();
  const auto path = folder.path() / "deep" / "er" / "note.txt";
  ASSERT_TRUE(write_file(path, "one"));
  ASSERT_TRUE(write_file(path, "two"));
  EXPECT_EQ(read_file(path).value(), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
}

TEST(File, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const auto folder = TemporaryFolder::make().value();
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(read_file(fifo).error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(read_file(folder.path()).error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(read_file("/dev/zero").error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(read_file(folder.path() / "absent").error().code, ErrorCode::kNotFound);
}

TEST(File, HoldsTheLimit) {
  const auto folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_file(folder.path() / "f", std::string(100, 'x')));
  EXPECT_TRUE(read_file(folder.path() / "f", 100));
  EXPECT_EQ(read_file(folder.path() / "f", 99).error().code, ErrorCode::kUnreadable);
}

TEST(File, TemporaryFolderGoesAway) {
  std::filesystem::path path;
  {
    const auto folder = TemporaryFolder::make().value();
    path = folder.path();
    ASSERT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Sha256, MatchesTheStandardsExample) {
  // FIPS 180-4, example "abc".
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_file(folder.path() / "f", "abc"));
  EXPECT_EQ(sha256_file(folder.path() / "f").value(), sha256_hex("abc"));
}

}  // namespace
}  // namespace llmi
