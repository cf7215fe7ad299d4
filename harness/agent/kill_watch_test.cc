#include "harness/agent/kill_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oomlab::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(KillWatchTest, WaitsForTheLineOfEachCountedKill) {
  KillWatch watch(3);
  EXPECT_TRUE(watch.CaughtUp({{"oom_kill", 3}}));
  EXPECT_FALSE(watch.CaughtUp({{"oom_kill", 4}}));
  watch.TakeRecord(
      "3,301,1636800,-;Memory cgroup out of memory: Killed process 135 "
      "(prefork) total-vm:65680kB, anon-rss:64640kB");
  EXPECT_TRUE(watch.CaughtUp({{"oom_kill", 4}}));
  EXPECT_FALSE(watch.CaughtUp({{"oom_kill", 5}}));
  EXPECT_THAT(watch.pids(), ElementsAre(135));
}

// The kernel counts and prints the first victim of a group twice.
TEST(KillWatchTest, CountsLinesButNamesAProcessOnce) {
  KillWatch watch(0);
  for (int i = 0; i < 2; ++i)
    watch.TakeRecord(
        "3,1,1,-;Memory cgroup out of memory: Killed process 7 (a) "
        "total-vm:8kB");
  EXPECT_TRUE(watch.CaughtUp({{"oom_kill", 2}}));
  EXPECT_THAT(watch.pids(), ElementsAre(7));
}

TEST(KillWatchTest, AProcessCannotForgeALine) {
  KillWatch watch(0);
  for (const char* record :
       {"12,1,1,-;Out of memory: Killed process 7 (a) total-vm:8kB",
        "6,2,1,-;[      9]     0     9 : Killed process 7 (a)",
        "4,3,1,-;: Killed process 7 invoked oom-killer: gfp_mask=0xcc0",
        "6,4,1,-;x\\x0aOut of memory: Killed process 7 (a)"})
    watch.TakeRecord(record);
  EXPECT_THAT(watch.pids(), IsEmpty());
  EXPECT_FALSE(watch.CaughtUp({{"oom_kill", 1}}));
}

TEST(KillWatchTest, AKernelWithoutTheCounterIsCaughtUp) {
  EXPECT_EQ(KillWatch::Count({}), 0);
  EXPECT_TRUE(KillWatch(0).CaughtUp({}));
}

}  // namespace
}  // namespace oomlab::harness
