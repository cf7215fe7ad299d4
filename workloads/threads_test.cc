#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

std::size_t ThreadsOf(pid_t pid) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(
           "/proc/" + std::to_string(pid) + "/task"))
    ++count;
  return count;
}

TEST(ThreadsTest, EveryThreadTakesItsShare) {
  Load load({"threads", "--threads=50", "--bytes=100KiB"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  EXPECT_EQ(ThreadsOf(worker), 51u);
  AwaitThreadsSleep(worker);
  const auto before = SmapsRollup(worker).at("Anonymous");
  EXPECT_LE(before, kProgramAnonBytes + 50 * kThreadAnonBytes);
  load.Go();
  EXPECT_EQ(load.Await("done").Number("bytes"), 5000u << 10);
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), before + (5000u << 10));
  EXPECT_EQ(ThreadsOf(worker), 51u);
}

TEST(ThreadsTest, TheyEndWithTheStarter) {
  Load load({"threads", "--threads=8", "--bytes=1MiB", "--take-at=ready"});
  load.Await("ready");
  EXPECT_GE(SmapsRollup(load.Pid("worker", 0)).at("Anonymous"), 8 * kMiB);
  load.Abandon();
  EXPECT_EQ(load.AwaitEnd(load.first()), 0);
}

}  // namespace
}  // namespace oomlab::workloads
