#include "store/cache.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/file.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

class CacheTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<Cache> open(std::uint64_t limit = 1 << 20) const { return *Cache::open(root(), limit); }
  [[nodiscard]] fs::path root() const { return folder_.path() / "cache"; }
  [[nodiscard]] std::vector<fs::path> entries() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root()))
      if (entry.is_regular_file() && entry.path().parent_path() != root()) files.push_back(entry.path());
    return files;
  }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& path : entries()) sum += fs::file_size(path);
    return sum;
  }

  TemporaryFolder folder_ = *TemporaryFolder::make();
};

TEST_F(CacheTest, GivesBackWhatWasPut) {
  const auto cache = open();
  EXPECT_FALSE(cache->get("a"));
  cache->put("a", std::string("\0binary\n", 8));
  cache->put("b", "");
  EXPECT_EQ(cache->get("a"), std::string("\0binary\n", 8));
  EXPECT_EQ(open()->get("b"), "");
  cache->put("a", "newer");
  EXPECT_EQ(cache->get("a"), "newer");
}

TEST_F(CacheTest, DamagedEntriesAreAbsentAndGo) {
  const auto cache = open();
  cache->put("key", "the value");
  const fs::path file = entries().at(0);
  const std::string whole = *read_file(file);
  std::string flipped = whole;
  flipped.back() ^= 1;
  for (const std::string& damage :
       {std::string(), whole.substr(0, whole.size() - 1), whole + "x", flipped, std::string("junk")}) {
    ASSERT_TRUE(write_file(file, damage));
    EXPECT_FALSE(cache->get("key"));
    EXPECT_FALSE(fs::exists(file));
  }
}

TEST_F(CacheTest, TheLeastRecentlyUsedGo) {
  const auto cache = open(10'000);
  for (int i = 0; i < 8; ++i) {
    cache->put("key" + std::to_string(i), std::string(1000, 'x'));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(cache->get("key0"));
  for (int i = 8; i < 11; ++i) cache->put("key" + std::to_string(i), std::string(1000, 'x'));
  EXPECT_TRUE(cache->get("key0"));
  EXPECT_FALSE(cache->get("key1"));
  EXPECT_TRUE(cache->get("key10"));
  EXPECT_LE(bytes(), 10'000U);
}

TEST_F(CacheTest, TooLargeValuesAreNotKept) {
  const auto cache = open(1000);
  cache->put("small", "x");
  cache->put("large", std::string(2000, 'x'));
  EXPECT_FALSE(cache->get("large"));
  EXPECT_TRUE(cache->get("small"));
}

TEST_F(CacheTest, AWrongCountIsSetRight) {
  const auto cache = open(10'000);
  for (int i = 0; i < 5; ++i) cache->put(std::to_string(i), std::string(1000, 'x'));
  for (const char* wrong : {"0", "99999999999", "nonsense", ""}) {
    ASSERT_TRUE(write_file(root() / "usage", wrong));
    for (int i = 5; i < 30; ++i) cache->put(std::to_string(i), std::string(1000, 'x'));
    EXPECT_GE(entries().size(), 5U) << wrong;
  }
  EXPECT_LE(bytes(), 10'000U);
}

TEST_F(CacheTest, LeftoversOfKilledWritersGo) {
  const auto cache = open(3'000);
  cache->put("a", "x");
  const fs::path leftover = entries().at(0).string() + ".Ab12Cd";
  ASSERT_TRUE(write_file(leftover, "half"));
  fs::last_write_time(leftover, fs::file_time_type::clock::now() - std::chrono::hours(3));
  for (int i = 0; i < 5; ++i) cache->put(std::to_string(i), std::string(1000, 'x'));
  EXPECT_FALSE(fs::exists(leftover));
}

TEST_F(CacheTest, ProcessesAndThreadsShareAFolder) {
  std::vector<pid_t> children;
  for (int process = 0; process < 3; ++process) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto cache = open(60'000);
      bool good = true;
      for (int i = 0; i < 60; ++i) {
        const std::string key = "key" + std::to_string(i % 20);
        cache->put(key, key + std::string(1000, 'x'));
        const auto value = cache->get(key);
        good = good && (!value || *value == key + std::string(1000, 'x'));
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(entries().size(), 20U);
}

TEST_F(CacheTest, AFolderThatCannotBeIsAnError) {
  ASSERT_TRUE(write_file(folder_.path() / "file", "x"));
  EXPECT_FALSE(Cache::open(folder_.path() / "file" / "cache", 1000));
}

}  // namespace
}  // namespace llmi::store
