#include "config/reference.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace llmi::config {
namespace {

TEST(Reference, ThePageInDocsIsCurrent) {
  const auto page = read_file("docs/configuration.md", std::size_t{1} << 20);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, reference_markdown()) << "run: llmi config --reference > docs/configuration.md";
}

}  // namespace
}  // namespace llmi::config
