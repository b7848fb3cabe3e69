#include "base/base64.h"

#include <gtest/gtest.h>

namespace llmi {
namespace {

TEST(Base64, RoundTrips) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i * 37 + size));
    EXPECT_EQ(base64_decoded(base64(bytes)), bytes);
  }
  EXPECT_EQ(base64("abc"), "YWJj");
}

TEST(Base64, WhatServersWrite) {
  EXPECT_EQ(base64_decoded("YWJj\r\nZGU"), "abcde") << "line ends, no padding";
  for (const char* wrong : {"Y", "YW=j", "Y*Jj", "data:image/png;base64,YWJj"})
    EXPECT_EQ(base64_decoded(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace llmi
