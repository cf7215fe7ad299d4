#include "harness/kernel/version.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/kernel/command.h"

namespace oomlab::harness {
namespace {

// Versions of Debian's archive, oldest first, and hostile ones.
const std::vector<std::string> kVersions = {
    "~",
    "",
    "5.10.218-1",
    "5.10.251-5",
    "6.1.192-1",
    "6.1.192-2",
    "6.1.192-10",
    "6.12.95-1~bpo12+1",
    "6.12.95-1~deb12u1",
    "6.12.95-1",
    "6.12.95-1+b1",
    "6.12.117~rc1-1",
    "6.12.117-1",
    "7.3~rc7-1~exp1",
    "7.3-1~exp1",
    "7.3-1",
    "7.3.4-1",
    "10",
};

int Sign(int value) { return (value > 0) - (value < 0); }

TEST(CompareVersionsTest, OrdersTheArchive) {
  for (std::size_t i = 0; i < kVersions.size(); ++i)
    for (std::size_t j = 0; j < kVersions.size(); ++j)
      EXPECT_EQ(Sign(CompareVersions(kVersions[i], kVersions[j])),
                (i > j) - (i < j))
          << kVersions[i] << " and " << kVersions[j];
}

TEST(CompareVersionsTest, KnowsEqualVersionsThatAreSpeltDifferently) {
  EXPECT_EQ(CompareVersions("6.01-0", "6.1"), 0);
  EXPECT_EQ(CompareVersions("0", ""), 0);
  EXPECT_EQ(CompareVersions("6.1-00", "6.1-0"), 0);
}

TEST(CompareVersionsTest, DoesNotOverflowOnLongNumbers) {
  const std::string nines(400, '9');
  EXPECT_GT(CompareVersions("1" + nines, nines), 0);
  EXPECT_EQ(CompareVersions("000" + nines, nines), 0);
}

// dpkg is the reference. It refuses some of the list, such as the empty one.
TEST(CompareVersionsTest, AgreesWithDpkg) {
  int compared = 0;
  for (const std::string& a : kVersions) {
    for (const std::string& b : kVersions) {
      if (a.empty() || b.empty() || a == "~" || b == "~") continue;
      const auto run = RunCommand(
          {.program = "dpkg", .arguments = {"--compare-versions", a, "lt", b}});
      if (!run) GTEST_SKIP() << run.error().message;
      EXPECT_EQ(run->stderr_text, "");
      EXPECT_EQ(run->exit_status == 0, CompareVersions(a, b) < 0)
          << a << " and " << b;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(LineOfTest, IsTheFirstTwoNumbers) {
  EXPECT_EQ(LineOf("6.12.95-1~bpo12+1"), "6.12");
  EXPECT_EQ(LineOf("7.3~rc7-1~exp1"), "7.3");
  EXPECT_EQ(LineOf("5.10.262-1"), "5.10");
  EXPECT_EQ(LineOf("7"), "7");
  EXPECT_EQ(LineOf(""), "");
}

TEST(UpstreamNumbersTest, EndsBeforeDebiansOwnPart) {
  EXPECT_EQ(UpstreamNumbers("6.12.95-1~bpo12+1"), "6.12.95");
  EXPECT_EQ(UpstreamNumbers("7.3~rc7-1~exp1"), "7.3");
  EXPECT_EQ(UpstreamNumbers("6.12.+1"), "6.12");
}

}  // namespace
}  // namespace oomlab::harness
