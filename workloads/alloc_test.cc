#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

TEST(AllocTest, WorkersTakeTheirMemoryAfterTheStartSignalAndKeepIt) {
  Load load({"alloc", "--workers=2", "--bytes=5MiB"});
  load.Await("ready");
  std::vector<std::uint64_t> before;
  for (const std::uint64_t i : {0u, 1u}) {
    AwaitSleep(load.Pid("worker", i));
    before.push_back(SmapsRollup(load.Pid("worker", i)).at("Anonymous"));
    EXPECT_LE(before.back(), kProgramAnonBytes);
  }
  load.Go();
  EXPECT_EQ(load.Await("done").Number("bytes"), 5 * kMiB);
  EXPECT_EQ(load.Await("done").fields.at("result"), "reached");
  for (const std::uint64_t i : {0u, 1u})
    EXPECT_EQ(SmapsRollup(load.Pid("worker", i)).at("Anonymous"),
              before[i] + 5 * kMiB);
  EXPECT_LE(SmapsRollup(load.Pid("parent", 0)).at("Rss"), kProgramRssBytes);
}

TEST(AllocTest, SizesAreRoundedUpToOnePage) {
  Load load({"alloc", "--workers=1", "--bytes=4097"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const auto before = SmapsRollup(worker).at("Anonymous");
  load.Go();
  EXPECT_EQ(load.Await("done").Number("bytes"), 8192u);
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), before + 8192);
}

TEST(AllocTest, ACycleTakesItsMemoryAgainAndHoldsItAtTheEnd) {
  Load load(
      {"alloc", "--workers=1", "--bytes=2MiB", "--mode=cycle", "--cycles=3"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const auto before = SmapsRollup(worker).at("Anonymous");
  const std::string stat = "/proc/" + std::to_string(worker) + "/stat";
  const auto minor_faults = [&] {
    const std::string text = ReadFile(stat).value();
    std::istringstream words(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 7; ++i) words >> skipped;
    std::uint64_t faults = 0;
    words >> faults;
    return faults;
  };
  const std::uint64_t faults_before = minor_faults();
  load.Go();
  load.Await("done");
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), before + 2 * kMiB);
  // Four times 512 pages were taken, each by a fault of its own.
  EXPECT_GE(minor_faults() - faults_before, 4u * 512);
  EXPECT_LE(minor_faults() - faults_before, 4u * 512 + 16);
}

TEST(AllocTest, AKilledWorkerIsNotStartedAnew) {
  Load load({"alloc", "--workers=2", "--bytes=1MiB"});
  load.Await("ready");
  load.Go();
  load.Await("done");
  load.Await("done");
  const std::size_t events = load.events().size();
  ::kill(load.Pid("worker", 0), SIGKILL);
  load.Await("exited");
  AwaitSleep(load.Pid("parent", 0));
  EXPECT_EQ(load.events().size(), events + 1);
}

TEST(AllocTest, AnEndlessCycleEndsWithItsStarter) {
  Load load({"alloc", "--workers=2", "--bytes=1MiB", "--mode=cycle"});
  load.Await("ready");
  load.Go();
  load.Abandon();
  load.AwaitEnd(load.first());
}

TEST(AllocTest, MemoryThatCannotBeMappedIsAResult) {
  Load load({"alloc", "--workers=1", "--bytes=128TiB"});
  load.Await("ready");
  load.Go();
  EXPECT_EQ(load.Await("done").fields.at("result"), "enomem");
}

}  // namespace
}  // namespace oomlab::workloads
