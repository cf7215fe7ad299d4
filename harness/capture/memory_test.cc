#include "harness/capture/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace oomlab::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ParseNamedCountsTest, ReadsVmstatMeminfoAndSmapsRollup) {
  EXPECT_THAT(ParseNamedCounts("nr_free_pages 39112\noom_kill 1\n"),
              ElementsAre(Pair("nr_free_pages", 39112), Pair("oom_kill", 1)));
  EXPECT_THAT(ParseNamedCounts("MemTotal:         158984 kB\n"),
              ElementsAre(Pair("MemTotal", 158984)));
  // The first line of smaps_rollup is an address range.
  EXPECT_THAT(ParseNamedCounts("5581-7ffd ---p 00000000 00:00 0    [rollup]\n"
                               "Rss:                 916 kB"),
              ::testing::Contains(Pair("Rss", 916)));
}

TEST(ParseNamedCountsTest, PassesOverLinesWithoutANumber) {
  EXPECT_THAT(ParseNamedCounts("\nname\nname:\nname: kB\n: 5\n"),
              ElementsAre(Pair("", 5)));
}

TEST(ReadProcessMemoryTest, SeesThisProcess) {
  const auto memory = ReadProcessMemory(::getpid());
  ASSERT_TRUE(memory.has_value()) << memory.error().message;
  EXPECT_GT(memory->rss_kib, 0);
  EXPECT_LE(memory->pss_kib, memory->rss_kib);
  EXPECT_EQ(memory->shared_kib + memory->private_kib, memory->rss_kib);
}

TEST(ReadProcessMemoryTest, AProcessThatIsGoneIsAnError) {
  EXPECT_FALSE(ReadProcessMemory(1 << 30).has_value());
}

TEST(ReadVmstatTest, KeepsTheKillCounter) {
  const auto vmstat = ReadVmstat();
  ASSERT_TRUE(vmstat.has_value()) << vmstat.error().message;
  EXPECT_TRUE(vmstat->contains("oom_kill"));
  EXPECT_FALSE(vmstat->contains("nr_dirty"));
}

}  // namespace
}  // namespace oomlab::harness
