#include "reports/escape.h"

#include <gtest/gtest.h>

#include <string>

namespace oomlab::reports {
namespace {

TEST(EscapeTextTest, WhatIsReadableStays) {
  EXPECT_EQ(EscapeText("kworker/0:1 (a) <b> \\x41 \"c\""),
            "kworker/0:1 (a) <b> \\x41 \"c\"");
  EXPECT_EQ(EscapeText("näh \xe2\x98\x85 \xf0\x9f\x98\x80"),
            "näh \xe2\x98\x85 \xf0\x9f\x98\x80");
  EXPECT_EQ(EscapeText(""), "");
}

TEST(EscapeTextTest, ATerminalGetsNothingToObey) {
  EXPECT_EQ(EscapeText("a\x1b[2J\rb\n\tc\x7f\a"),
            "a\\x1b[2J\\x0db\\x0a\\x09c\\x7f\\x07");
  EXPECT_EQ(EscapeText(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(EscapeText("\xc2\x9b"
                       "31m"),
            "\\u009b31m");
}

TEST(EscapeTextTest, NothingTurnsTheDirectionOrHides) {
  EXPECT_EQ(EscapeText("a\xe2\x80\xae"
                       "b\xe2\x81\xa6\xe2\x80\xa8\xef\xbb\xbf"),
            "a\\u202eb\\u2066\\u2028\\ufeff");
}

TEST(EscapeTextTest, BytesThatAreNotUtf8AreShownAsBytes) {
  EXPECT_EQ(EscapeText("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(EscapeText("\xc3("), "\\xc3(");
  EXPECT_EQ(EscapeText("\xe2\x98"), "\\xe2\\x98");           // Cut off.
  EXPECT_EQ(EscapeText("\xc0\x80"), "\\xc0\\x80");           // Overlong.
  EXPECT_EQ(EscapeText("\xe0\x80\x9b"), "\\xe0\\x80\\x9b");  // Overlong.
  EXPECT_EQ(EscapeText("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // Surrogate.
  EXPECT_EQ(EscapeText("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

// The result of every pair of bytes is free of control bytes.
TEST(EscapeTextTest, NoPairOfBytesGetsThrough) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string text = {static_cast<char>(a), static_cast<char>(b)};
      const std::string escaped = EscapeText(text);
      EXPECT_EQ(EscapeText(escaped), escaped) << a << " " << b;
      for (const char c : escaped)
        EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
    }
  }
}

}  // namespace
}  // namespace oomlab::reports
