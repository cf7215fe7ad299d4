#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <sstream>
#include <string_view>

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

struct Shape {
  std::uint64_t anonymous = 0;
  std::uint64_t huge = 0;
  std::uint64_t locked = 0;
  std::uint64_t page_tables = 0;
  std::uint64_t stack = 0;  // Address space counted as stack.
};

Shape ShapeOf(pid_t pid) {
  const auto rollup = SmapsRollup(pid);
  const auto status = Status(pid);
  return {.anonymous = rollup.at("Anonymous"),
          .huge = rollup.at("AnonHugePages"),
          .locked = rollup.at("Locked"),
          .page_tables = status.at("VmPTE"),
          .stack = status.at("VmStk")};
}

// What a worker of these options takes, beyond what it had at ready.
Shape Taken(const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"alloc", "--workers=1"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  Load load(arguments);
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const Shape before = ShapeOf(worker);
  load.Go();
  EXPECT_EQ(load.Await("done").fields["result"], "reached");
  const Shape after = ShapeOf(worker);
  return {.anonymous = after.anonymous - before.anonymous,
          .huge = after.huge - before.huge,
          .locked = after.locked - before.locked,
          .page_tables = after.page_tables - before.page_tables,
          .stack = after.stack - before.stack};
}

TEST(AllocTest, EverySourceAndOrderTakesExactlyWhatWasAsked) {
  for (const char* option :
       {"--from=mmap", "--from=malloc", "--from=brk", "--from=stack",
        "--by=populate", "--by=mlock", "--order=random", "--order=strided",
        "--order=sparse", "--mode=redirty"}) {
    const std::uint64_t taken = Taken({"--bytes=3MiB", option}).anonymous;
    // malloc has the page with its size already.
    const std::uint64_t have =
        option == std::string_view("--from=malloc") ? 4096 : 0;
    EXPECT_EQ(taken, 3 * kMiB - have) << option;
  }
}

TEST(AllocTest, AStackGrowsBeyondItsUsualLimit) {
  const Shape taken = Taken({"--bytes=24MiB", "--from=stack"});
  EXPECT_EQ(taken.anonymous, 24 * kMiB);
  EXPECT_GE(taken.stack, 24 * kMiB - 8192);
}

TEST(AllocTest, SparseMemoryNeedsAPageTableForEachPage) {
  // One or two tables, and those above them.
  EXPECT_LE(Taken({"--bytes=1MiB"}).page_tables, 4u * 4096);
  const Shape sparse = Taken({"--bytes=1MiB", "--order=sparse"});
  EXPECT_EQ(sparse.anonymous, kMiB);
  EXPECT_GE(sparse.page_tables, kMiB - 8192);
}

TEST(AllocTest, LockedMemoryIsLocked) {
  EXPECT_EQ(Taken({"--bytes=2MiB", "--by=mlock"}).locked, 2 * kMiB);
  EXPECT_EQ(Taken({"--bytes=2MiB"}).locked, 0u);
}

TEST(AllocTest, HugePagesComeWhenTheyAreAskedFor) {
  const std::string setting =
      ReadFile("/sys/kernel/mm/transparent_hugepage/enabled").value_or("");
  if (setting.empty() || setting.find("[never]") != std::string::npos)
    GTEST_SKIP() << "this kernel has no transparent huge pages";
  const Shape huge = Taken({"--bytes=4MiB", "--huge=on"});
  EXPECT_EQ(huge.anonymous, 4 * kMiB);
  EXPECT_EQ(huge.huge, 4 * kMiB);
  for (const char* by : {"--by=touch", "--by=populate", "--by=mlock"})
    EXPECT_EQ(Taken({"--bytes=4MiB", "--huge=off", by}).huge, 0u) << by;
}

TEST(AllocTest, MergeableMemoryIsMarkedForKsm) {
  const auto marked = [](const char* option) {
    Load load(
        {"alloc", "--workers=1", "--bytes=1MiB", "--take-at=ready", option});
    load.Await("ready");
    const std::string smaps =
        ReadFile("/proc/" + std::to_string(load.Pid("worker", 0)) + "/smaps")
            .value();
    return smaps.find(" mg ") != std::string::npos;
  };
  EXPECT_TRUE(marked("--mergeable"));
  EXPECT_FALSE(marked("--seed=1"));
}

TEST(AllocTest, MemoryTakenBeforeReadyStandsThereAndNobodyIsActive) {
  Load load({"alloc", "--workers=2", "--bytes=3MiB", "--take-at=ready"});
  load.Await("ready");
  for (const std::uint64_t i : {0u, 1u}) {
    const auto anonymous = SmapsRollup(load.Pid("worker", i)).at("Anonymous");
    EXPECT_GE(anonymous, 3 * kMiB);
    EXPECT_LE(anonymous, 3 * kMiB + kProgramAnonBytes);
  }
  for (const Event& event : load.events())
    EXPECT_EQ(event.line.find("active=1"), std::string::npos) << event.line;
}

TEST(AllocTest, OptionsThatContradictEachOtherAreRefused) {
  Load load(
      {"alloc", "--workers=1", "--bytes=1MiB", "--by=mlock", "--order=sparse"});
  EXPECT_THAT(load.Await("error").line, ::testing::HasSubstr("--by=mlock"));
  EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
}

}  // namespace
}  // namespace oomlab::workloads
