#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;

constexpr std::uint64_t kMiB = 1u << 20;

// Exactly what was asked, and at most the program's own constant.
auto HoldsExactly(std::uint64_t bytes) {
  return AllOf(Ge(bytes), Le(bytes + kProgramAnonBytes));
}

TEST(PreforkTest, WorkersShareTheImageAndOwnTheirPrivateMemory) {
  Load load(
      {"prefork", "--image=8MiB", "--workers=3", "--worker-private=1MiB"});
  load.Await("ready");
  std::uint64_t pss = 0;
  for (const std::uint64_t i : {0u, 1u, 2u}) {
    const auto rollup = SmapsRollup(load.Pid("worker", i));
    EXPECT_THAT(rollup.at("Anonymous"), HoldsExactly(9 * kMiB)) << i;
    EXPECT_THAT(rollup.at("Private_Dirty"), HoldsExactly(1 * kMiB)) << i;
    EXPECT_EQ(rollup.at("AnonHugePages"), 0u);
    pss += rollup.at("Pss_Anon");
  }
  const auto parent = SmapsRollup(load.Pid("parent", 0));
  EXPECT_THAT(parent.at("Anonymous"), HoldsExactly(8 * kMiB));
  EXPECT_THAT(parent.at("Pss_Anon"), HoldsExactly(2 * kMiB));
  pss += parent.at("Pss_Anon");
  EXPECT_THAT(
      pss, AllOf(Ge(11 * kMiB - 4096), Le(11 * kMiB + 4 * kProgramAnonBytes)));
  // The same by the kernel's counters.
  EXPECT_THAT(Status(load.Pid("worker", 0)).at("RssAnon"),
              HoldsExactly(9 * kMiB));
}

TEST(PreforkTest, TheParentGrowsByExactlyWhatWasAskedAndNobodyElse) {
  Load load({"prefork", "--image=4MiB", "--workers=2", "--grow=parent",
             "--grow-bytes=6MiB"});
  load.Await("ready");
  const pid_t parent = load.Pid("parent", 0);
  const pid_t worker = load.Pid("worker", 1);
  AwaitSleep(parent);
  AwaitSleep(worker);
  const auto parent_before = SmapsRollup(parent).at("Anonymous");
  const auto worker_before = SmapsRollup(worker).at("Anonymous");
  load.Go();
  const Event done = load.Await("done");
  EXPECT_EQ(done.line, "done pid=" + std::to_string(parent) +
                           " result=reached bytes=6291456");
  EXPECT_EQ(SmapsRollup(parent).at("Anonymous"), parent_before + 6 * kMiB);
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), worker_before);
}

TEST(PreforkTest, TheFirstWorkerGrowsAndSaysThatItIsTheActiveOne) {
  Load load({"prefork", "--image=1MiB", "--workers=2", "--grow=worker",
             "--grow-bytes=2MiB"});
  load.Await("ready");
  ASSERT_EQ(load.events().size(), 4u);
  for (const Event& event : load.events()) {
    if (event.name != "process") continue;
    const bool is_first_worker =
        event.fields.at("role") == "worker" && event.fields.at("index") == "0";
    EXPECT_EQ(event.fields.at("active"), is_first_worker ? "1" : "0");
  }
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const auto before = SmapsRollup(worker).at("Anonymous");
  load.Go();
  EXPECT_EQ(load.Await("done").Number("pid"),
            static_cast<std::uint64_t>(worker));
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), before + 2 * kMiB);
}

TEST(PreforkTest, NothingChangesBetweenReadyAndTheEndOfAQuietServer) {
  Load load({"prefork", "--image=2MiB", "--workers=2"});
  load.Await("ready");
  const pid_t parent = load.Pid("parent", 0);
  AwaitSleep(parent);
  const auto before = SmapsRollup(parent);
  load.Go();
  // A killed worker makes the parent do all that it ever does: it must not
  // need memory for it.
  ::kill(load.Pid("worker", 1), SIGKILL);
  load.Await("exited");
  AwaitSleep(parent);
  EXPECT_EQ(SmapsRollup(parent).at("Anonymous"), before.at("Anonymous"));
}

TEST(PreforkTest, AnIdleProcessOfTheProgramIsSmall) {
  Load load({"prefork", "--image=0", "--workers=1"});
  load.Await("ready");
  for (const char* role : {"parent", "worker"}) {
    const auto rollup = SmapsRollup(load.Pid(role, 0));
    EXPECT_LE(rollup.at("Rss"), kProgramRssBytes) << role;
    EXPECT_LE(rollup.at("Anonymous"), kProgramAnonBytes) << role;
    RecordProperty(std::string(role) + "_rss_bytes",
                   static_cast<int>(rollup.at("Rss")));
    RecordProperty(std::string(role) + "_anonymous_bytes",
                   static_cast<int>(rollup.at("Anonymous")));
  }
}

TEST(PreforkTest, TheParentSaysWhichWorkerEndedAndHow) {
  Load load({"prefork", "--image=1MiB", "--workers=3"});
  load.Await("ready");
  const pid_t victim = load.Pid("worker", 1);
  ::kill(victim, SIGKILL);
  EXPECT_EQ(load.Await("exited").line,
            "exited pid=" + std::to_string(victim) + " signal=9");
  EXPECT_EQ(::kill(load.Pid("worker", 0), 0), 0);
  EXPECT_EQ(::kill(load.Pid("worker", 2), 0), 0);
}

TEST(PreforkTest, WorkersOutliveTheirParentAndEndWithTheirStarter) {
  Load load({"prefork", "--image=1MiB", "--workers=3"});
  load.Await("ready");
  load.Go();
  ::kill(load.first(), SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(load.AwaitEnd(load.first())));
  for (const std::uint64_t i : {0u, 1u, 2u}) {
    AwaitSleep(load.Pid("worker", i));
    EXPECT_EQ(::kill(load.Pid("worker", i), 0), 0) << i;
  }
  load.Abandon();
  for (const std::uint64_t i : {0u, 1u, 2u})
    EXPECT_EQ(load.AwaitEnd(load.Pid("worker", i)), 0) << i;
}

TEST(PreforkTest, EverybodyEndsWhenTheStarterDiesBeforeTheStart) {
  Load load({"prefork", "--image=1MiB", "--workers=4", "--grow=worker",
             "--grow-bytes=1MiB"});
  load.Await("ready");
  load.Abandon();
  EXPECT_EQ(load.AwaitEnd(load.first()), 0);
  for (const std::uint64_t i : {0u, 1u, 2u, 3u})
    load.AwaitEnd(load.Pid("worker", i));
}

TEST(PreforkTest, ProcessesTakeTheirNames) {
  Load load({"prefork", "--image=0", "--workers=1", "--comm=ruby2.2",
             "--worker-comm=a worker) x=1"});
  load.Await("ready");
  EXPECT_EQ(Comm(load.Pid("parent", 0)), "ruby2.2");
  EXPECT_EQ(Comm(load.Pid("worker", 0)), "a worker) x=1");
}

TEST(PreforkTest, GrowthThatCannotBeMappedIsAResultAndNotACrash) {
  // Within the program's limit, above what the address space has left.
  Load load({"prefork", "--image=1MiB", "--workers=1", "--grow=parent",
             "--grow-bytes=128TiB"});
  load.Await("ready");
  load.Go();
  const Event done = load.Await("done");
  EXPECT_EQ(done.fields.at("result"), "enomem");
  EXPECT_EQ(done.Number("bytes"), 0u);
}

TEST(PreforkTest, AnImageThatCannotBeMappedIsAnErrorAndStatus2) {
  Load load({"prefork", "--image=128TiB", "--workers=1"});
  EXPECT_THAT(load.Await("error").line,
              HasSubstr("cannot map the image: ENOMEM"));
  const int status = load.AwaitEnd(load.first());
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

TEST(PreforkTest, AWorkerThatCannotReachItsSizeEndsTheWorkload) {
  Load load({"prefork", "--image=0", "--workers=2", "--worker-private=128TiB"});
  EXPECT_THAT(load.Await("error").line,
              HasSubstr("cannot map the private memory"));
  const int status = load.AwaitEnd(load.first());
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

TEST(PreforkTest, AnyWorkerCanBeTheOneThatGrows) {
  Load load({"prefork", "--image=0", "--workers=3", "--grow=worker",
             "--grow-worker=2", "--grow-bytes=1MiB"});
  load.Await("ready");
  load.Go();
  EXPECT_EQ(load.Await("done").Number("pid"),
            static_cast<std::uint64_t>(load.Pid("worker", 2)));
}

TEST(PreforkTest, PagesThatAWorkerWritesAreNoLongerShared) {
  Load load({"prefork", "--image=4MiB", "--workers=2", "--worker-dirty=3MiB"});
  load.Await("ready");
  for (const std::uint64_t i : {0u, 1u}) {
    const auto rollup = SmapsRollup(load.Pid("worker", i));
    EXPECT_THAT(rollup.at("Anonymous"), HoldsExactly(4 * kMiB));
    // 3 MiB of its own and a third of the rest.
    EXPECT_THAT(rollup.at("Pss_Anon"), HoldsExactly(3 * kMiB + kMiB / 3));
  }
}

TEST(PreforkTest, WorkersMakeTheImageTheirOwnAtARate) {
  Load load(
      {"prefork", "--image=1MiB", "--workers=2", "--worker-dirty-rate=8MiB"});
  load.Await("ready");
  load.Go();
  EXPECT_EQ(load.Await("done").Number("bytes"), kMiB);
  EXPECT_EQ(load.Await("done").Number("bytes"), kMiB);
  for (const std::uint64_t i : {0u, 1u}) {
    const auto rollup = SmapsRollup(load.Pid("worker", i));
    EXPECT_THAT(rollup.at("Anonymous"), HoldsExactly(kMiB));
    EXPECT_THAT(rollup.at("Pss_Anon"), HoldsExactly(kMiB));
  }
}

TEST(PreforkTest, WorkersThatExitAreReplacedByTheSameShape) {
  Load load({"prefork", "--image=1MiB", "--workers=2", "--worker-private=1MiB",
             "--worker-lifetime-ms=50"});
  load.Await("ready");
  const pid_t first = load.Pid("worker", 0);
  load.Go();
  const Event exited = load.Await("exited");
  EXPECT_EQ(exited.fields.at("code"), "0");
  for (int i = 0; i < 3; ++i) load.Await("process");  // Those of ready.
  const Event process = load.Await("process");
  EXPECT_EQ(process.fields.at("role"), "worker");
  EXPECT_NE(process.Number("pid"), static_cast<std::uint64_t>(first));
}

TEST(PreforkTest, KilledWorkersAreReplacedOnlyWhenAsked) {
  Load load({"prefork", "--image=1MiB", "--workers=2", "--worker-private=1MiB",
             "--respawn"});
  load.Await("ready");
  for (int i = 0; i < 3; ++i) load.Await("process");
  const pid_t parent = load.Pid("parent", 0);
  AwaitSleep(parent);
  const auto before = SmapsRollup(parent).at("Anonymous");
  ::kill(load.Pid("worker", 1), SIGKILL);
  const Event process = load.Await("process");
  EXPECT_EQ(process.fields.at("index"), "1");
  const auto pid = static_cast<pid_t>(process.Number("pid"));
  AwaitSleep(pid);
  EXPECT_THAT(SmapsRollup(pid).at("Anonymous"), HoldsExactly(2 * kMiB));
  EXPECT_EQ(SmapsRollup(parent).at("Anonymous"), before);
  // The others: not even one that exits by itself is there to be replaced.
  EXPECT_EQ(::kill(load.Pid("worker", 0), 0), 0);
}

TEST(PreforkTest, ContradictionsAreRefused) {
  for (const auto& [option, message] :
       std::vector<std::pair<std::string, std::string>>{
           {"--grow-worker=2", "is not the index of a worker"},
           {"--worker-dirty=2MiB", "is more than --image"}}) {
    Load load({"prefork", "--image=1MiB", "--workers=2", option});
    EXPECT_THAT(load.Await("error").line, HasSubstr(message));
    EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
  }
}

// More workers than the pipe of events holds lines: while nobody reads, some of
// them cannot have arrived yet.
TEST(PreforkTest, AWorkerThatIsKilledBeforeReadyEndsTheWorkload) {
  Load load({"prefork", "--image=0", "--workers=2000"});
  while (load.events().empty() ||
         load.events().back().fields.at("role") != "worker")
    load.Await("process");
  const std::vector<Event> before = load.events();
  const std::string victim = before.back().fields.at("pid");
  AwaitSleep(std::stoi(victim));  // It has arrived itself.
  ::kill(std::stoi(victim), SIGKILL);
  EXPECT_EQ(load.Await("exited").line, "exited pid=" + victim + " signal=9");
  EXPECT_THAT(load.Await("error").line, HasSubstr("a worker ended before"));
  EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
  for (const Event& event : before)
    load.AwaitEnd(static_cast<pid_t>(event.Number("pid")));
}

TEST(PreforkTest, HoldsAThousandWorkers) {
  Load load({"prefork", "--image=1MiB", "--workers=1000"});
  load.Await("ready");
  EXPECT_EQ(load.events().size(), 1002u);
  EXPECT_THAT(SmapsRollup(load.Pid("worker", 999)).at("Anonymous"),
              HoldsExactly(kMiB));
}

}  // namespace
}  // namespace oomlab::workloads
