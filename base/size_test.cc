#include "base/size.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oomlab {
namespace {

using ::testing::HasSubstr;

TEST(ParseSizeTest, ReadsBinaryUnits) {
  EXPECT_EQ(ParseSize("0"), 0u);
  EXPECT_EQ(ParseSize("4096"), 4096u);
  EXPECT_EQ(ParseSize("4096B"), 4096u);
  EXPECT_EQ(ParseSize("64MiB"), 64u << 20);
  EXPECT_EQ(ParseSize("64 MiB"), 64u << 20);
  EXPECT_EQ(ParseSize("2GiB"), 2ull << 30);
}

TEST(ParseSizeTest, RefusesUnitsThatPeopleDisagreeOn) {
  for (const char* text : {"64MB", "64M", "64m", "64mb"}) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size.has_value()) << text;
    EXPECT_EQ(size.error().code, ErrorCode::kUsage);
    EXPECT_THAT(size.error().hint, HasSubstr("64MiB")) << text;
  }
}

TEST(ParseSizeTest, RefusesWhatIsNoSize) {
  for (const char* text : {"", "MiB", "-1", "+1", " 1", "1.5GiB", "1  MiB",
                           "1MiBs", "18446744073709551616", "16777216TiB"})
    EXPECT_FALSE(ParseSize(text).has_value()) << text;
  EXPECT_EQ(ParseSize("18446744073709551615"), UINT64_MAX);
}

TEST(FormatSizeTest, IsExact) {
  EXPECT_EQ(FormatSize(0), "0 B");
  EXPECT_EQ(FormatSize(1), "1 B");
  EXPECT_EQ(FormatSize(67108864), "64 MiB");
  EXPECT_EQ(FormatSize(67100672), "65,528 KiB");
  EXPECT_EQ(FormatSize(67108865), "67,108,865 B");
  EXPECT_EQ(FormatSize(UINT64_MAX), "18,446,744,073,709,551,615 B");
}

TEST(FormatCountTest, GroupsByThousands) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
}

}  // namespace
}  // namespace oomlab
