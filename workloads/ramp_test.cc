#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

struct Growth {
  Event done;
  std::uint64_t anonymous = 0;
  std::chrono::milliseconds time{};
};

Growth Grow(const std::vector<std::string>& arguments) {
  Load load(arguments);
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const std::uint64_t before = SmapsRollup(worker).at("Anonymous");
  EXPECT_LE(before, kProgramAnonBytes);
  const auto start = std::chrono::steady_clock::now();
  load.Go();
  Growth growth;
  growth.done = load.Await("done");
  growth.time = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  growth.anonymous = SmapsRollup(worker).at("Anonymous") - before;
  return growth;
}

TEST(RampTest, StepsComeAtTheirTimesAndSumUpExactly) {
  const Growth growth =
      Grow({"ramp", "--bytes=5MiB", "--step=2MiB", "--every-ms=100"});
  EXPECT_EQ(growth.done.Number("bytes"), 5 * kMiB);
  EXPECT_EQ(growth.anonymous, 5 * kMiB);
  // Steps at 100, 200 and 300 ms. A loaded machine may be late, never early.
  EXPECT_GE(growth.time.count(), 300);
}

TEST(RampTest, ARateIsKeptToAndTheSizeIsExact) {
  const Growth growth = Grow({"ramp", "--bytes=4MiB", "--rate=16MiB"});
  EXPECT_EQ(growth.anonymous, 4 * kMiB);
  EXPECT_GE(growth.time.count(), 245);
}

TEST(RampTest, ASlowRateIsOnePageAtATime) {
  const Growth growth = Grow({"ramp", "--bytes=16KiB", "--rate=40KiB"});
  EXPECT_EQ(growth.anonymous, 16384u);
  EXPECT_GE(growth.time.count(), 395);
}

TEST(RampTest, NeedsEitherARateOrSteps) {
  for (const auto& options : std::vector<std::vector<std::string>>{
           {"ramp", "--bytes=1MiB"},
           {"ramp", "--bytes=1MiB", "--rate=1MiB", "--step=1MiB"}}) {
    Load load(options);
    EXPECT_THAT(load.Await("error").line,
                ::testing::HasSubstr("either --rate or --step"));
    EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
  }
}

TEST(LeakTest, BlocksAddUpToTheLimitWithinTheirHeaders) {
  const Growth growth =
      Grow({"leak", "--block=64KiB", "--bytes=4MiB", "--every-us=100"});
  EXPECT_EQ(growth.done.Number("bytes"), 4 * kMiB);
  // 16 bytes of each block, and the page in which the heap ends.
  EXPECT_GE(growth.anonymous, 4 * kMiB - 4096);
  EXPECT_LE(growth.anonymous, 4 * kMiB + 2 * 4096ull);
}

TEST(LeakTest, AnEndlessLeakEndsWithItsStarter) {
  Load load({"leak", "--block=4KiB", "--every-us=1000"});
  load.Await("ready");
  load.Go();
  load.Abandon();
  load.AwaitEnd(load.first());
}

}  // namespace
}  // namespace oomlab::workloads
