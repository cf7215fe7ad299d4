#include "harness/judge/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace oomlab::harness {
namespace {

using parser::OomReport;
using parser::ReportOutcome;
using testing::ElementsAre;
using testing::HasSubstr;

// A prefork server of a parent (pid 135) and 5 workers (137 to 141) in /app:
// the parent is killed, and all three witnesses say so.
struct TestRun {
  Scenario scenario;
  std::vector<OomReport> reports;
  RunRecord record;

  TestRun() {
    PreforkOptions prefork;
    prefork.workers = 5;
    scenario.workloads = {{"server", "/app", "prefork", 0, prefork}};
    scenario.expect.outcome = "killed";
    scenario.expect.constraint = "CONSTRAINT_MEMCG";
    scenario.expect.victims = {{"server/parent", std::nullopt}};
    scenario.expect.survivors = {{"server/worker", 5}};
    scenario.expect.task_table = true;

    Observation& seen = record.observation;
    seen.finished = true;
    seen.guest.emplace().cgroup_version = 2;
    Add("parent", 0, 135);
    for (int i = 0; i < 5; ++i) Add("worker", i, 137 + i);
    seen.processes[0].exit_signal = 9;
    SetCounts(1, 1);
    seen.kernel_log =
        "4,1,1,-;prefork invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), "
        "order=0, oom_score_adj=0\n"
        "6,2,1,-;[  pid  ]   uid  tgid total_vm      rss name\n"
        "6,3,1,-;[    135]     0   135    16420    16296 prefork\n"
        "6,4,1,-;oom-kill:constraint=CONSTRAINT_MEMCG,task=prefork,pid=135\n"
        "3,5,1,-;Memory cgroup out of memory: Killed process 135 (prefork) "
        "total-vm:65680kB\n";
    reports.push_back(Report({135}));
  }

  static OomReport Report(const std::vector<int>& pids) {
    OomReport report;
    report.kind = parser::ReportKind::kMemcg;
    report.outcome = ReportOutcome::kKilled;
    report.first_line = 1;
    report.last_line = 5;
    report.constraint = "CONSTRAINT_MEMCG";
    report.has_task_table = true;
    report.tasks.emplace_back().pid = 135;
    for (const int pid : pids) {
      parser::Victim victim;
      victim.pid = pid;
      victim.line = 5;
      report.victims.push_back(victim);
    }
    return report;
  }

  void Add(const char* role, int index, int pid) {
    ProcessObservation process;
    process.workload = "server";
    process.role = role;
    process.index = index;
    process.pid = pid;
    process.cgroup = "/app";
    record.observation.processes.push_back(process);
  }

  void SetCounts(int vmstat, int cgroup) {
    record.observation.before =
        Counters{{{"oom_kill", 7}}, {{"/app", {{"oom_kill", 3}}}}};
    record.observation.after = Counters{{{"oom_kill", 7 + vmstat}},
                                        {{"/app", {{"oom_kill", 3 + cgroup}}}}};
  }

  // All six die in one memory.oom.group kill, counted seven times.
  void KillGroup() {
    reports = {Report({135, 137, 138, 139, 140, 141})};
    reports[0].outcome = ReportOutcome::kGroupKilled;
    for (auto& process : record.observation.processes) process.exit_signal = 9;
    SetCounts(7, 7);
    scenario.expect.outcome = "group_killed";
    scenario.expect.victims = {{"server/parent", std::nullopt},
                               {"server/worker", 5}};
    scenario.expect.survivors.reset();
  }

  Verdict Judged() {
    Judge(scenario, reports, record);
    return record.verdict.value();
  }
};

TEST(JudgeTest, WhatIsExpectedAndWitnessedPasses) {
  TestRun run;
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  EXPECT_FALSE(run.record.broken.has_value());
  ASSERT_EQ(run.record.findings.size(), 5u);
  const Finding& victims = run.record.findings[2];
  EXPECT_EQ(victims.expectation, "victims");
  EXPECT_EQ(victims.expected, "server/parent");
  EXPECT_EQ(victims.found, "server/parent (pid 135)");
  EXPECT_THAT(victims.log_lines,
              ElementsAre(HasSubstr("Killed process 135 (prefork)")));
  EXPECT_THAT(run.record.findings[1].log_lines,
              ElementsAre(HasSubstr("invoked oom-killer"),
                          HasSubstr("oom-kill:constraint=CONSTRAINT_MEMCG")));
  EXPECT_EQ(run.record.findings[3].found, "5 of server/worker");
}

// Each expectation turned around fails by itself, and says what was found.
TEST(JudgeTest, AnyFlippedExpectationFails) {
  struct Flip {
    std::function<void(Expectations&)> flip;
    const char* expectation;
    const char* expected;
    const char* found;
  };
  const Flip flips[] = {
      {[](auto& e) { e.outcome = "none"; }, "outcome", "none", "killed"},
      {[](auto& e) { e.outcome = "group_killed"; }, "outcome", "group_killed",
       "killed"},
      {[](auto& e) { e.outcome = "panic"; }, "outcome", "panic", "killed"},
      {[](auto& e) { e.constraint = "CONSTRAINT_NONE"; }, "constraint",
       "CONSTRAINT_NONE", "CONSTRAINT_MEMCG"},
      {[](auto& e) { e.victims->clear(); }, "victims", "nobody",
       "server/parent (pid 135)"},
      {[](auto& e) {
         e.victims = {{"server/worker/2", std::nullopt}};
       },
       "victims", "server/worker/2", "server/parent (pid 135)"},
      {[](auto& e) {
         e.victims->push_back({"server/worker", 2});
       },
       "victims", "server/parent, 2 of server/worker",
       "server/parent (pid 135)"},
      {[](auto& e) {
         e.survivors = {{"server/worker", 4}};
       },
       "survivors", "4 of server/worker", "5 of server/worker"},
      {[](auto& e) {
         e.survivors = {{"server/parent", std::nullopt}};
       },
       "survivors", "1 of server/parent",
       "0 of server/parent (server/parent (pid 135) ended by signal 9)"},
      {[](auto& e) { e.task_table = false; }, "task_table", "absent",
       "printed"},
  };
  for (const Flip& flip : flips) {
    TestRun run;
    flip.flip(run.scenario.expect);
    EXPECT_EQ(run.Judged(), Verdict::kFail) << flip.expected;
    int failed = 0;
    for (const Finding& finding : run.record.findings) {
      if (finding.holds) continue;
      ++failed;
      EXPECT_EQ(finding.expectation, flip.expectation);
      EXPECT_EQ(finding.expected, flip.expected);
      EXPECT_EQ(finding.found, flip.found);
      EXPECT_FALSE(finding.log_lines.empty());
    }
    EXPECT_EQ(failed, 1) << flip.expected;
  }
}

TEST(JudgeTest, AVictimOfARoleMayBeAnyOfItsProcesses) {
  TestRun run;
  run.record.observation.processes[0].exit_signal.reset();
  run.record.observation.processes[3].exit_signal = 9;  // worker/2, pid 139
  run.reports = {TestRun::Report({139})};
  run.scenario.expect.victims = {{"server/worker", std::nullopt}};
  run.scenario.expect.survivors = {{"server/worker", 4},
                                   {"server/parent", std::nullopt}};
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  // One named by itself and one of the rest are two.
  run.scenario.expect.victims = {{"server/worker", 1},
                                 {"server/worker/2", std::nullopt}};
  EXPECT_EQ(run.Judged(), Verdict::kFail);
  run.record.observation.processes[1].exit_signal = 9;
  run.reports = {TestRun::Report({139}), TestRun::Report({137})};
  run.SetCounts(2, 2);
  run.scenario.expect.survivors.reset();
  EXPECT_EQ(run.Judged(), Verdict::kPass);
}

// "All of them" means all that the scenario declares, not all that were seen.
TEST(JudgeTest, AWorkerThatNeverStartedDidNotSurvive) {
  TestRun run;
  run.record.observation.processes.pop_back();
  run.scenario.expect.survivors = {{"server/worker", std::nullopt}};
  EXPECT_EQ(run.Judged(), Verdict::kFail);
  EXPECT_EQ(run.record.findings[3].expected, "5 of server/worker");
  EXPECT_EQ(run.record.findings[3].found, "4 of server/worker");
}

TEST(JudgeTest, AGroupKillCountsItsFirstVictimTwice) {
  TestRun run;
  run.KillGroup();
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  run.SetCounts(6, 6);  // The first victim was gone when its turn came again.
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  run.SetCounts(8, 8);
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  run.SetCounts(5, 5);
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  // A single kill is counted once.
  TestRun single;
  single.SetCounts(2, 2);
  EXPECT_EQ(single.Judged(), Verdict::kBroken);
}

TEST(JudgeTest, WitnessesThatDisagreeAreBrokenWithAllThreeStories) {
  TestRun run;
  run.reports.clear();  // A SIGKILL, counted, of which the log knows nothing.
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  ASSERT_TRUE(run.record.broken.has_value());
  EXPECT_EQ(run.record.broken->cause, BrokenCause::kWitness);
  EXPECT_EQ(run.record.broken->message,
            "the witnesses disagree on who was killed; ended by SIGKILL: "
            "server/parent (pid 135); victims in the kernel log: nobody; "
            "oom_kill of /proc/vmstat rose by 1, of cgroup /app by 1");
  EXPECT_TRUE(run.record.findings.empty());
}

TEST(JudgeTest, EveryWitnessIsHeard) {
  TestRun plain_sigkill;  // Somebody's kill -9.
  plain_sigkill.reports.clear();
  plain_sigkill.SetCounts(0, 0);
  EXPECT_EQ(plain_sigkill.Judged(), Verdict::kBroken);

  TestRun alive;  // The log names a victim that is still there.
  alive.record.observation.processes[0].exit_signal.reset();
  EXPECT_EQ(alive.Judged(), Verdict::kBroken);

  TestRun other_signal;
  other_signal.record.observation.processes[0].exit_signal = 11;
  EXPECT_EQ(other_signal.Judged(), Verdict::kBroken);

  TestRun stranger;  // A victim that belongs to no workload.
  stranger.reports = {TestRun::Report({135, 1})};
  stranger.SetCounts(2, 1);
  EXPECT_EQ(stranger.Judged(), Verdict::kBroken);
  EXPECT_THAT(stranger.record.broken->message,
              HasSubstr("a process of no workload (pid 1)"));

  TestRun uncounted;
  uncounted.SetCounts(0, 1);
  EXPECT_EQ(uncounted.Judged(), Verdict::kBroken);

  TestRun elsewhere;  // vmstat counts it, its own cgroup does not.
  elsewhere.SetCounts(1, 0);
  EXPECT_EQ(elsewhere.Judged(), Verdict::kBroken);

  TestRun unread;
  unread.record.observation.after.reset();
  EXPECT_EQ(unread.Judged(), Verdict::kBroken);

  TestRun too_old;  // A kernel without the counter.
  too_old.record.observation.after->vmstat.clear();
  EXPECT_EQ(too_old.Judged(), Verdict::kBroken);
}

// memory.events counts the subtree, v1's memory.oom_control the group alone.
TEST(JudgeTest, AncestorsCountInVersion2Only) {
  TestRun run;
  for (auto& process : run.record.observation.processes)
    process.cgroup = "/app/inner";
  run.record.observation.before->cgroup_events["/app/inner"]["oom_kill"] = 0;
  run.record.observation.after->cgroup_events["/app/inner"]["oom_kill"] = 1;
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  run.record.observation.guest->cgroup_version = 1;
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  run.record.observation.after->cgroup_events["/app"]["oom_kill"] = 3;
  EXPECT_EQ(run.Judged(), Verdict::kPass);
}

TEST(JudgeTest, AFaultOfTheInfrastructureStays) {
  TestRun run;
  run.record.broken = Broken{BrokenCause::kQemuDied, "signal 9"};
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  EXPECT_EQ(run.record.broken->cause, BrokenCause::kQemuDied);
  EXPECT_TRUE(run.record.findings.empty());
}

TEST(JudgeTest, WhatTheAgentCouldNotDoIsBroken) {
  TestRun unfinished;
  unfinished.record.observation.finished = false;
  EXPECT_EQ(unfinished.Judged(), Verdict::kBroken);
  EXPECT_EQ(unfinished.record.broken->cause, BrokenCause::kChannel);

  TestRun error;
  error.record.observation.agent_errors = {"cannot write memory.max", "x"};
  EXPECT_EQ(error.Judged(), Verdict::kBroken);
  EXPECT_EQ(error.record.broken->cause, BrokenCause::kAgent);
  EXPECT_EQ(error.record.broken->message,
            "cannot write memory.max (and 1 more errors)");

  TestRun lost;
  lost.record.observation.kernel_log_lost = 3;
  EXPECT_EQ(lost.Judged(), Verdict::kBroken);
  EXPECT_EQ(lost.record.broken->cause, BrokenCause::kKernelLogLost);
}

TEST(JudgeTest, WhatTheKernelLacksIsUnsupported) {
  TestRun run;
  run.record.observation.unsupported = {"no memory controller"};
  run.record.observation.after.reset();
  EXPECT_EQ(run.Judged(), Verdict::kUnsupported);
  EXPECT_FALSE(run.record.broken.has_value());
}

// As the VM reports it: the agent never came to its end.
TestRun PanickedRun() {
  TestRun run;
  run.reports.clear();
  run.record.observation.finished = false;
  run.record.observation.after.reset();
  run.record.observation.processes[0].exit_signal.reset();
  run.record.console_panic =
      "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is "
      "enabled";
  run.record.broken = Broken{BrokenCause::kGuestPanic, "the guest panicked"};
  run.scenario.expect = Expectations{};
  run.scenario.expect.outcome = "panic";
  return run;
}

TEST(JudgeTest, AnExpectedPanicPasses) {
  TestRun run = PanickedRun();
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  EXPECT_FALSE(run.record.broken.has_value());
  EXPECT_THAT(run.record.findings[0].log_lines,
              ElementsAre(HasSubstr("Kernel panic")));
}

TEST(JudgeTest, AnyOtherPanicIsBroken) {
  TestRun unexpected = PanickedRun();
  unexpected.scenario.expect.outcome = "killed";
  EXPECT_EQ(unexpected.Judged(), Verdict::kBroken);
  EXPECT_EQ(unexpected.record.broken->cause, BrokenCause::kGuestPanic);

  TestRun bug = PanickedRun();
  bug.record.console_panic =
      "Kernel panic - not syncing: Fatal exception in interrupt";
  EXPECT_EQ(bug.Judged(), Verdict::kBroken);
  EXPECT_THAT(bug.record.broken->message, HasSubstr("not for want of memory"));

  TestRun no_panic;
  no_panic.scenario.expect = Expectations{};
  no_panic.scenario.expect.outcome = "panic";
  EXPECT_EQ(no_panic.Judged(), Verdict::kFail);

  TestRun other_fault = PanickedRun();  // QEMU was killed after the panic.
  other_fault.record.broken = Broken{BrokenCause::kQemuDied, "signal 9"};
  EXPECT_EQ(other_fault.Judged(), Verdict::kBroken);
}

TEST(JudgeTest, WhatCannotBeDecidedDoesNotPass) {
  TestRun panicked = PanickedRun();
  panicked.scenario.expect.victims.emplace();  // Nobody, but who could tell?
  panicked.scenario.expect.survivors = {{"server/worker", 5}};
  panicked.scenario.expect.task_table = false;
  panicked.scenario.expect.constraint = "CONSTRAINT_NONE";
  EXPECT_EQ(panicked.Judged(), Verdict::kFail);
  for (std::size_t i = 1; i < panicked.record.findings.size(); ++i)
    EXPECT_FALSE(panicked.record.findings[i].holds) << i;

  TestRun crashed;  // Not by the kernel's choice: the load did not do its part.
  crashed.record.observation.processes[2].exit_signal = 11;
  EXPECT_EQ(crashed.Judged(), Verdict::kBroken);
  EXPECT_EQ(crashed.record.broken->message,
            "server/worker/1 ended by itself: signal 11");

  TestRun refused;
  refused.reports.clear();
  refused.record.observation.processes[0].exit_signal.reset();
  refused.record.observation.processes[0].done = "enomem";
  refused.record.observation.processes[0].reached_bytes = 4096;
  refused.record.observation.phases = {{"go", 0}};
  refused.SetCounts(0, 0);
  EXPECT_EQ(refused.Judged(), Verdict::kFail);
  EXPECT_EQ(refused.record.findings[0].found,
            "none; server/parent (pid 135) was refused memory (ENOMEM) at 4 "
            "KiB");

  TestRun quiet;  // No report: there is no table, but none was left out either.
  quiet.reports.clear();
  quiet.record.observation.processes[0].exit_signal.reset();
  quiet.SetCounts(0, 0);
  quiet.scenario.expect = Expectations{};
  quiet.scenario.expect.task_table = false;
  EXPECT_EQ(quiet.Judged(), Verdict::kBroken);  // It never began.
  quiet.record.observation.phases = {{"go", 0}};
  quiet.record.broken.reset();
  EXPECT_EQ(quiet.Judged(), Verdict::kFail);
  quiet.scenario.expect.task_table.reset();
  quiet.scenario.expect.outcome = "none";
  quiet.scenario.expect.victims.emplace();
  EXPECT_EQ(quiet.Judged(), Verdict::kPass);

  TestRun nothing;
  nothing.scenario.expect = Expectations{};
  EXPECT_EQ(nothing.Judged(), Verdict::kBroken);

  TestRun unknown_name;
  unknown_name.scenario.expect.survivors = {{"other/worker", std::nullopt}};
  EXPECT_EQ(unknown_name.Judged(), Verdict::kFail);
}

TEST(JudgeTest, ReportsOfDifferentOutcomesAreNotOneOutcome) {
  TestRun run;
  run.reports.push_back(TestRun::Report({}));
  run.reports[1].outcome = ReportOutcome::kNoKillableProcess;
  run.reports[1].constraint.reset();
  EXPECT_EQ(run.Judged(), Verdict::kFail);
  EXPECT_EQ(run.record.findings[0].found, "killed, then no_killable_process");
  EXPECT_EQ(run.record.findings[1].found, "CONSTRAINT_MEMCG, then not printed");
}

TEST(JudgeTest, ARecordMayBeJudgedAgain) {
  TestRun run;
  const auto reports = run.reports;
  run.reports.clear();
  EXPECT_EQ(run.Judged(), Verdict::kBroken);
  run.reports = reports;
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  EXPECT_EQ(run.record.findings.size(), 5u);
}

// Line numbers come from a parser of hostile text; they are not trusted.
TEST(JudgeTest, LineNumbersOutsideTheLogAreHarmless) {
  TestRun run;
  run.reports[0].first_line = 0;
  run.reports[0].last_line = static_cast<std::size_t>(-1);
  run.reports[0].victims[0].line = 4000;
  EXPECT_EQ(run.Judged(), Verdict::kPass);
  EXPECT_TRUE(run.record.findings[2].log_lines.empty());
}

}  // namespace
}  // namespace oomlab::harness
