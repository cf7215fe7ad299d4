#include "harness/vm/console_log.h"

#include <gtest/gtest.h>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

// From a 6.12 guest whose /init exited.
constexpr std::string_view kPanic =
    "[    1.160203] Run /init as init process\r\n"
    "[    1.183214] Kernel panic - not syncing: Attempted to kill init! "
    "exitcode=0x00000300\r\n"
    "[    1.183301] CPU: 0 UID: 0 PID: 1 Comm: init Not tainted\r\n"
    "[    1.184000] ---[ end Kernel panic - not syncing: Attempted to kill "
    "init! exitcode=0x00000300 ]---\r\n";
constexpr std::string_view kLine =
    "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000300";

TEST(ConsoleLogTest, FindsThePanicHoweverTheBytesAreCut) {
  for (std::size_t step = 1; step < 200; ++step) {
    ConsoleLog console;
    for (std::size_t at = 0; at < kPanic.size(); at += step) {
      ASSERT_TRUE(console.Append(kPanic.substr(at, step)));
    }
    EXPECT_EQ(console.panic_line(), kLine);
  }
}

TEST(ConsoleLogTest, TheFirstPanicCounts) {
  ConsoleLog console;
  ASSERT_TRUE(console.Append(kPanic));
  ASSERT_TRUE(console.Append("Kernel panic - not syncing: another\n"));
  EXPECT_EQ(console.panic_line(), kLine);
}

TEST(ConsoleLogTest, APanicThatWasCutOffCounts) {
  ConsoleLog console;
  ASSERT_TRUE(console.Append("[1.0] Kernel panic - not syncing: Fat"));
  EXPECT_EQ(console.panic_line(), "Kernel panic - not syncing: Fat");
}

TEST(ConsoleLogTest, TheMarkAtTheEndIsNoPanicOfItsOwn) {
  ConsoleLog console;
  ASSERT_TRUE(console.Append("---[ end Kernel panic - not syncing: x ]---\n"));
  EXPECT_EQ(console.panic_line(), std::nullopt);
}

TEST(ConsoleLogTest, NothingInItReachesATerminal) {
  ConsoleLog console;
  ASSERT_TRUE(
      console.Append("Kernel panic - not syncing: \x1b[31m\x9b\x07x\n"));
  EXPECT_EQ(console.panic_line(), "Kernel panic - not syncing: [31mx");
}

TEST(ConsoleLogTest, TheLastLineIsTheLastThatSaysSomething) {
  ConsoleLog console;
  EXPECT_EQ(console.last_line(), "");
  ASSERT_TRUE(console.Append("a\r\nb\r\n\r\n"));
  EXPECT_EQ(console.last_line(), "b");
  ASSERT_TRUE(console.Append("c"));
  EXPECT_EQ(console.last_line(), "c");
}

TEST(ConsoleLogTest, StoresEveryByte) {
  const std::string path = ::testing::TempDir() + "/console.log";
  const std::string bytes =
      std::string("\0\xff\r\n", 4) + std::string(5000, 'x') + "\n";
  ConsoleLog console;
  ASSERT_TRUE(console.Open(path));
  ASSERT_TRUE(console.Append(bytes));
  EXPECT_EQ(ReadFile(path).value(), bytes);
  ConsoleLog other;
  ASSERT_TRUE(other.Open(path));
  EXPECT_EQ(ReadFile(path).value(), "");
}

TEST(ConsoleLogTest, APlaceThatDoesNotExistIsAnError) {
  ConsoleLog console;
  EXPECT_FALSE(console.Open(::testing::TempDir() + "/no/such/console.log"));
}

TEST(ConsoleLogTest, AFullDiskIsAnError) {
  ConsoleLog console;
  ASSERT_TRUE(console.Open("/dev/full"));
  EXPECT_FALSE(console.Append("x"));
}

}  // namespace
}  // namespace oomlab::harness
