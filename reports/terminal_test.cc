#include "reports/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace oomlab::reports {
namespace {

using harness::Broken;
using harness::BrokenCause;
using harness::RunRecord;
using harness::Verdict;
using parser::OomReport;
using testing::HasSubstr;
using testing::Not;

// The figures of a real memcg kill on 6.12 (64 MiB, an image of 20 MiB shared
// by 5 children).
struct MemcgRun {
  RunRecord record;
  OomReport report;

  MemcgRun() {
    record.scenario_name = "prefork-memcg";
    record.context.kernel_release = "6.12.95+deb12-cloud-amd64";
    record.context.accel = "tcg";
    record.context.replay_command = "oomlab run x/scenario.json";
    record.times.total_s = 3.14;
    record.verdict = Verdict::kPass;
    record.findings = {{true, "outcome", "killed", "killed", {"line"}}};
    auto& seen = record.observation;
    seen.guest.emplace().page_size_bytes = 4096;
    Add("parent", 0, 135, "prefork");
    for (int i = 0; i < 5; ++i) Add("worker", i, 137 + i, "child");
    harness::MemorySnapshot ready;
    ready.phase = "ready";
    for (int i = 0; i < 6; ++i)
      ready.processes.push_back({135 + i, 21070, 3600, 0, 0, 0, 0});
    ready.cgroup_charge_bytes = {{"/app", 22429696}};
    seen.snapshots = {ready};

    report.kind = parser::ReportKind::kMemcg;
    report.outcome = parser::ReportOutcome::kKilled;
    report.constraint = "CONSTRAINT_MEMCG";
    report.oom_memcg = "/app";
    report.memcg.emplace();
    report.memcg->usage_kib = 65536;
    report.memcg->limit_kib = 65536;
    report.invoker.comm = "prefork";
    report.invoker.pid = 135;
    report.invoker.gfp_flags = {"GFP_KERNEL"};
    report.invoker.order = 0;
    report.has_task_table = true;
    AddRow(135, "prefork", 16296);
    for (int i = 0; i < 5; ++i) AddRow(137 + i, "child", 5196);
    parser::Victim victim;
    victim.pid = 135;
    victim.comm = "prefork";
    victim.anon_rss_kib = 64640;
    victim.file_rss_kib = 0;
    victim.shmem_rss_kib = 544;
    victim.pgtables_kib = 160;
    victim.oom_score_adj = 0;
    report.victims = {victim};
  }

  void Add(const char* role, int index, int pid, const char* comm) {
    harness::ProcessObservation process;
    process.workload = "server";
    process.role = role;
    process.index = index;
    process.pid = pid;
    process.comm = comm;
    record.observation.processes.push_back(process);
  }

  void AddRow(int pid, const char* comm, std::uint64_t rss_pages) {
    parser::TaskRow row;
    row.pid = pid;
    row.comm = comm;
    row.rss_pages = rss_pages;
    row.oom_score_adj = 0;
    report.tasks.push_back(row);
  }

  [[nodiscard]] std::string Rendered(bool colors = false) const {
    return RenderRun(record, {report}, {colors});
  }
};

TEST(RenderRunTest, AMemcgKillReadsAsAnAccount) {
  EXPECT_EQ(
      MemcgRun().Rendered(),
      "prefork-memcg on 6.12.95+deb12-cloud-amd64\n"
      "\n"
      "  killed      server/parent: prefork (pid 135), 65,184 KiB resident "
      "(64,640 anonymous, 0 file, 544 shmem), 160 KiB page tables\n"
      "  why         cgroup /app reached its limit (CONSTRAINT_MEMCG): 65,536 "
      "KiB charged of 65,536 KiB\n"
      "  invoked by  server/parent: prefork (pid 135), asking for GFP_KERNEL, "
      "order 0\n"
      "  runner-up   server/worker/0: child (pid 137), 20,784 KiB resident\n"
      "\n"
      "                                         ready      at the OOM\n"
      "  processes                                  6               6\n"
      "  RSS, added up                    126,420 KiB     169,104 KiB\n"
      "  PSS, added up                     21,600 KiB               -\n"
      "  charged to cgroup /app            21,904 KiB      65,536 KiB\n"
      "  RSS / charged                           5.77            2.58\n"
      "  A page that processes share (copy-on-write after fork) counts in the "
      "RSS of each\n"
      "  of them and is held once, so RSS adds up to more than there is.\n"
      "\n"
      "  ok    outcome     killed\n"
      "\n"
      "PASS prefork-memcg on 6.12.95+deb12-cloud-amd64 (tcg, 3.1 s)\n");
}

TEST(RenderRunTest, AMachineWideKillIsHeldAgainstTheMachine) {
  MemcgRun run;
  run.report.kind = parser::ReportKind::kGlobal;
  run.report.constraint = "CONSTRAINT_NONE";
  run.report.oom_memcg.reset();
  run.report.memcg.reset();
  run.report.mem_info.emplace();
  run.report.mem_info->ram_pages = 49054;
  run.report.mem_info->reserved_pages = 11064;
  run.report.mem_info->counters = {{"active_anon", 32793}, {"free", 362}};
  run.record.observation.guest->mem_total_kib = 151960;
  run.record.observation.snapshots[0].t_ns = 100;
  run.record.observation.samples = {{90, {}, 100000, 0, 0, 0},
                                    {95, {}, 90000, 0, 0, 0},
                                    {110, {}, 1, 0, 0, 0}};
  const std::string text = run.Rendered();
  EXPECT_THAT(text, HasSubstr("  why         the machine ran out of memory "
                              "(CONSTRAINT_NONE)\n"));
  EXPECT_THAT(
      text,
      HasSubstr("  used by the machine               61,960 KiB     "
                "150,512 KiB\n"
                "  RAM of the machine               151,960 KiB     "
                "151,960 KiB\n"
                "  RSS / used                              2.04            "
                "1.12\n"));
}

TEST(RenderRunTest, AFailureShowsExpectedFoundLogLinesAndReplay) {
  MemcgRun run;
  run.record.verdict = Verdict::kFail;
  run.record.findings = {
      {true, "outcome", "killed", "killed", {"not shown"}},
      {false,
       "victims",
       "server/worker",
       "server/parent (pid 135)",
       {"3,5,1,-;Memory cgroup out of memory: Killed process 135"}}};
  const std::string text = run.Rendered();
  EXPECT_THAT(
      text,
      HasSubstr(
          "  ok    outcome     killed\n"
          "  FAIL  victims     expected server/worker, found server/parent "
          "(pid 135)\n"
          "          | 3,5,1,-;Memory cgroup out of memory: Killed process "
          "135\n"
          "  replay      oomlab run x/scenario.json\n"
          "\n"
          "FAIL prefork-memcg on 6.12.95+deb12-cloud-amd64 (tcg, 3.1 s): "
          "victims\n"));
  EXPECT_THAT(text, Not(HasSubstr("not shown")));
}

TEST(RenderRunTest, ABrokenRunNamesItsCauseAndTheEvidence) {
  RunRecord record;
  record.scenario_name = "x";
  record.context.kernel_name = "debian:6.12";
  record.context.accel = "kvm";
  record.context.replay_command = "oomlab run y";
  record.verdict = Verdict::kBroken;
  record.broken = Broken{BrokenCause::kGuestPanic, "the guest panicked"};
  record.console_panic = "Kernel panic - not syncing: \x1b[31mred";
  record.observation.agent_errors = {"cannot write"};
  EXPECT_EQ(RenderRun(record, {}, {}),
            "x on debian:6.12\n"
            "\n"
            "  broken      the guest panicked (guest_panic)\n"
            "  panic       Kernel panic - not syncing: \\x1b[31mred\n"
            "  agent       cannot write\n"
            "  look at     console.log of the run, to its end\n"
            "  replay      oomlab run y\n"
            "\n"
            "BROKEN x on debian:6.12 (kvm, 0.0 s): guest_panic\n");
}

TEST(RenderRunTest, WhatTheKernelLacksIsNamed) {
  RunRecord record;
  record.scenario_name = "x";
  record.verdict = Verdict::kUnsupported;
  record.observation.unsupported = {"no memory controller"};
  EXPECT_THAT(RenderRun(record, {}, {}),
              HasSubstr("  lacking     no memory controller\n"));
  EXPECT_THAT(VerdictLine(record), HasSubstr("UNSUPPORTED x on "));
}

TEST(RenderRunTest, ARecordWithoutAVerdictNeverLooksPassed) {
  MemcgRun run;
  run.record.verdict.reset();
  EXPECT_THAT(run.Rendered(), HasSubstr("the run was never judged"));
  EXPECT_THAT(VerdictLine(run.record), HasSubstr("BROKEN prefork-memcg"));
}

// Everything that a process, a log or a kernel image may choose.
TEST(RenderRunTest, HostileTextCannotReachTheTerminal) {
  const std::string evil = "\x1b]0;x\a\xff\n PASS \xe2\x80\xae";
  MemcgRun run;
  run.record.scenario_name = evil;
  run.record.context.kernel_release = evil;
  run.record.context.accel = evil;
  run.record.context.replay_command = evil;
  run.record.verdict = Verdict::kFail;
  run.record.broken = Broken{BrokenCause::kWitness, evil};
  run.record.console_panic = evil;
  run.record.findings = {{false, evil, evil, evil, {evil}},
                         {true, evil, evil, evil, {evil}}};
  run.record.observation.agent_errors = {evil};
  run.record.observation.unsupported = {evil};
  run.record.observation.processes[0].workload = evil;
  run.report.constraint = evil;
  run.report.oom_memcg = evil;
  run.report.oom_group_memcg = evil;
  run.report.invoker.comm = evil;
  run.report.invoker.gfp_flags = {evil};
  run.report.victims[0].comm = evil;
  run.report.tasks[1].comm = evil;
  for (const Verdict verdict : {Verdict::kFail, Verdict::kUnsupported}) {
    run.record.verdict = verdict;
    const std::string text = run.Rendered();
    EXPECT_EQ(text.find('\x1b'), text.npos);
    EXPECT_EQ(text.find('\a'), text.npos);
    EXPECT_EQ(text.find('\xff'), text.npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), text.npos);
    EXPECT_EQ(text.find("\n PASS"), text.npos);
  }
}

TEST(RenderRunTest, ColorsAppearOnlyWhenAskedFor) {
  const MemcgRun run;
  EXPECT_EQ(run.Rendered(false).find('\x1b'), std::string::npos);
  std::string colored = run.Rendered(true);
  EXPECT_NE(colored.find('\x1b'), std::string::npos);
  // Without its escapes it is the same text.
  for (std::size_t at = 0; (at = colored.find('\x1b')) != colored.npos;)
    colored.erase(at, colored.find('m', at) + 1 - at);
  EXPECT_EQ(colored, run.Rendered(false));
}

TEST(RenderRunTest, WhatTheReportDoesNotSayIsLeftOut) {
  MemcgRun run;
  run.report = OomReport{};
  run.report.outcome = parser::ReportOutcome::kUnknown;
  run.record.observation = {};
  const std::string text = run.Rendered();
  EXPECT_THAT(text, HasSubstr("  killed      nobody\n"));
  EXPECT_THAT(text, HasSubstr("The report holds no task table"));
  EXPECT_THAT(text, Not(HasSubstr("RSS")));
}

TEST(RenderRunTest, AnImmuneRunnerUpIsCalledSo) {
  MemcgRun run;
  run.report.tasks[2].rss_pages = 90000;
  run.report.tasks[2].oom_score_adj = -1000;
  EXPECT_THAT(run.Rendered(),
              HasSubstr("server/worker/1: child (pid 138), 360,000 KiB "
                        "resident, immune by oom_score_adj -1000"));
}

}  // namespace
}  // namespace oomlab::reports
