#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(MainTest, WrongCommandLinesGiveStatus2AndSayWhatIsWrong) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "usage: oomlab-load KIND"},
      {{"preforq"}, "unknown kind 'preforq'"},
      {{"prefork", "--image=1MiB", "--workers=0"}, "'0' is less than 1"},
      {{"prefork", "--image=1MiB", "--workers=10001"},
       "'10001' is more than 10000"},
      {{"prefork", "--image=1MiB", "--workers=1", "--imago=1"},
       "--imago: unknown option"},
      {{"alloc", "--workers=1", "--bytes=129TiB"},
       "more than an address space"},
      {{"alloc", "--workers=1", "--bytes=16777216TiB"}, "larger than 2^64-1"},
  };
  for (const auto& [arguments, message] : cases) {
    const Output output = RunLoad(arguments);
    EXPECT_EQ(output.status, 2) << message;
    EXPECT_THAT(output.err, HasSubstr(message));
    EXPECT_THAT(output.out, IsEmpty());
  }
}

TEST(MainTest, ControlWithoutDescriptorsIsRefused) {
  const Output output =
      RunLoad({"alloc", "--workers=1", "--bytes=1MiB", "--control"});
  EXPECT_EQ(output.status, 2);
  EXPECT_THAT(output.err, HasSubstr("--control needs open descriptors"));
}

TEST(MainTest, HelpStatesUnitsAndDefaults) {
  const Output output = RunLoad({"prefork", "--help"});
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.out, HasSubstr("--grow-bytes=BYTES"));
  EXPECT_THAT(output.out, HasSubstr("(default none)"));
  EXPECT_THAT(output.out, HasSubstr("20MiB"));
}

// RunLoad returns when every writer of its output has gone.
TEST(MainTest, ByHandItStartsItselfAndLeavesNothingBehind) {
  const Output output =
      RunLoad({"alloc", "--workers=2", "--bytes=1MiB", "--timeout=1"});
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.out, HasSubstr("\nready pid="));
  EXPECT_THAT(output.out, HasSubstr("result=reached bytes=1048576\n"));
}

TEST(MainTest, ByHandAnErrorOfTheWorkloadIsItsExitStatus) {
  const Output output = RunLoad({"prefork", "--image=128TiB", "--workers=1"});
  EXPECT_EQ(output.status, 2);
  EXPECT_THAT(output.err, HasSubstr("error: cannot map the image: ENOMEM"));
}

}  // namespace
}  // namespace oomlab::workloads
