// Lines of kernels and vendors of which no captured log is at hand, in the
// forms that their sources print.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "parser/parse.h"
#include "parser/report/json.h"

namespace oomlab::parser {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;

OomReport One(const std::string& log) {
  const auto reports = ParseLog(log);
  EXPECT_EQ(reports.size(), 1u) << WriteReportsJson(reports);
  return reports.empty() ? OomReport{} : reports[0];
}

// 2.6.32: no sizes in the kill line, no oom_score_adj; the score line comes
// after the dump; the table is off by default.
TEST(EraTest, Linux2632) {
  const OomReport report = One(
      "mem hog invoked oom-killer: gfp_mask=0x280da, order=1, oom_adj=-3\n"
      "mem hog cpuset=vcpu0 mems_allowed=0-1\n"
      "Pid: 2044, comm: mem hog Tainted: P           2.6.32.69 #1\n"
      "Call Trace:\n"
      " [<ffffffff810b1d4a>] ? oom_kill_process+0x8a/0x2c0\n"
      "Mem-Info:\n"
      "Node 0 DMA per-cpu:\n"
      "CPU    0: hi:    0, btch:   1 usd:   0\n"
      "active_anon:10 inactive_anon:20 isolated_anon:0\n"
      " active_file:1 inactive_file:2 isolated_file:0\n"
      " unevictable:0 dirty:0 writeback:0 unstable:0\n"
      " free:300 slab_reclaimable:4 slab_unreclaimable:5\n"
      " mapped:6 shmem:7 pagetables:8 bounce:0\n"
      "Node 0 DMA free:1200kB min:80kB low:100kB high:120kB present:15364kB "
      "pages_scanned:32 all_unreclaimable? no\n"
      "lowmem_reserve[]: 0 3 3 3\n"
      "Node 0 DMA: 300*4kB 0*8kB = 1200kB\n"
      "9 total pagecache pages\n"
      "0 pages in swap cache\n"
      "Swap cache stats: add 0, delete 0, find 0/0\n"
      "Free swap  = 12kB\n"
      "Total swap = 34kB\n"
      "4096 pages RAM\n"
      "96 pages reserved\n"
      "11 pages shared\n"
      "12 pages non-shared\n"
      "Out of memory: kill process 2044 (mem hog) score 8123 or a child\n"
      "Killed process 2051 (mem (hog))\n");
  EXPECT_EQ(report.outcome, ReportOutcome::kKilled);
  EXPECT_THAT(report.invoker.comm, Optional(std::string("mem hog")));
  EXPECT_THAT(report.invoker.oom_adj, Optional(-3));
  EXPECT_EQ(report.invoker.oom_score_adj, std::nullopt);
  EXPECT_THAT(report.kernel_release, Optional(std::string("2.6.32.69")));
  EXPECT_THAT(report.tainted, Optional(std::string("P")));
  EXPECT_THAT(report.cpuset, Optional(std::string("vcpu0")));
  EXPECT_THAT(report.mems_allowed, Optional(std::string("0-1")));
  EXPECT_THAT(report.chosen_pid, Optional(2044));
  EXPECT_THAT(report.chosen_score, Optional(8123));
  ASSERT_EQ(report.victims.size(), 1u);
  EXPECT_EQ(report.victims[0].pid, 2051);
  EXPECT_EQ(report.victims[0].comm, "mem (hog)");
  EXPECT_EQ(report.victims[0].total_vm_kib, std::nullopt);
  EXPECT_EQ(report.victims[0].score, std::nullopt);
  EXPECT_THAT(report.missing, IsEmpty());
  ASSERT_TRUE(report.mem_info);
  EXPECT_THAT(report.mem_info->zones.at(0).values_kib,
              ElementsAre(Pair("free", 1200), Pair("min", 80), Pair("low", 100),
                          Pair("high", 120), Pair("present", 15364),
                          Pair("pages_scanned", 32)));
  EXPECT_THAT(report.mem_info->pages_non_shared, Optional(12u));
}

TEST(EraTest, Linux2633PrintsVsz) {
  const OomReport report =
      One("Killed process 9 (x) vsz:400kB, anon-rss:300kB, file-rss:20kB\n");
  EXPECT_THAT(report.victims.at(0).total_vm_kib, Optional(400u));
  EXPECT_THAT(report.victims.at(0).anon_rss_kib, Optional(300u));
}

// RHEL 7: cgroup v1, a subtree's statistics, the UID behind the name.
TEST(EraTest, Rhel7MemoryCgroup) {
  const OomReport report = One(
      "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=999\n"
      "java cpuset=docker-1f mems_allowed=0\n"
      "CPU: 1 PID: 900 Comm: java Kdump: loaded Not tainted "
      "3.10.0-1062.el7.x86_64 #1\n"
      "Call Trace:\n"
      " [<ffffffffb9779a50>] dump_stack+0x19/0x1b\n"
      "Task in /pods/a/1f killed as a result of limit of /pods/a\n"
      "memory: usage 524288kB, limit 524288kB, failcnt 2811\n"
      "memory+swap: usage 524288kB, limit 9007199254740988kB, failcnt 0\n"
      "kmem: usage 12kB, limit 9007199254740988kB, failcnt 1\n"
      "Memory cgroup stats for /pods/a: cache:0KB rss:16KB\n"
      "Memory cgroup stats for /pods/a/1f: cache:840KB rss:523448KB "
      "rss_huge:0KB\n"
      "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj "
      "name\n"
      "[  900]    27   900  1000000   130862     400        0           999 "
      "java\n"
      "Memory cgroup out of memory: Kill process 900 (java) score 1998 or "
      "sacrifice child\n"
      "Killed process 900 (java), UID 27, total-vm:4000000kB, "
      "anon-rss:523448kB, file-rss:0kB, shmem-rss:840kB\n");
  EXPECT_EQ(report.kind, ReportKind::kMemcg);
  EXPECT_THAT(report.missing, IsEmpty());
  EXPECT_THAT(report.oom_memcg, Optional(std::string("/pods/a")));
  EXPECT_THAT(report.task_memcg, Optional(std::string("/pods/a/1f")));
  EXPECT_THAT(report.memcg->memsw_limit_kib, Optional(9007199254740988u));
  EXPECT_THAT(report.memcg->kmem_failcnt, Optional(1u));
  EXPECT_THAT(report.memcg->stats_memcg, Optional(std::string("/pods/a")));
  EXPECT_THAT(report.memcg->stats,
              ElementsAre(Pair("cache", 0), Pair("rss", 16 * 1024)));
  EXPECT_THAT(report.victims.at(0).uid, Optional(27u));
  EXPECT_THAT(report.victims.at(0).score, Optional(1998));
  EXPECT_THAT(report.victims.at(0).task_memcg,
              Optional(std::string("/pods/a/1f")));
  EXPECT_THAT(report.page_size_bytes, Optional(4096u));
}

TEST(EraTest, HeadersOf49And414And419) {
  EXPECT_THAT(One("a invoked oom-killer: gfp_mask=0x24201ca(GFP_HIGHUSER_MOVABL"
                  "E|__GFP_COLD), nodemask=0-1,3, order=0, oom_score_adj=5\n")
                  .nodemask,
              Optional(std::string("0-1,3")));
  const OomReport two =
      One("a invoked oom-killer: gfp_mask=0x14201ca(GFP_X), nodemask=(null),  "
          "order=2, oom_score_adj=-999\n");
  EXPECT_THAT(two.nodemask, Optional(std::string("(null)")));
  EXPECT_THAT(two.invoker.order, Optional(2));
  EXPECT_THAT(two.invoker.oom_score_adj, Optional(-999));
  const OomReport fault =
      One("a invoked oom-killer: gfp_mask=0x0(), order=0, oom_score_adj=0\n");
  EXPECT_THAT(fault.invoker.gfp_mask, Optional(std::string("0x0")));
  EXPECT_THAT(fault.invoker.gfp_flags, IsEmpty());
}

// 5.0 and 5.1 print CONSTRAINT_NONE whatever it was.
TEST(EraTest, Early5xMemoryCgroupSaysNoConstraint) {
  const OomReport report =
      One("oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
          "mems_allowed=0,oom_memcg=/foo,task_memcg=/foo/b,task=x,pid=7,uid=0\n"
          "Memory cgroup out of memory: Killed process 7 (x) total-vm:8kB, "
          "anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n");
  EXPECT_EQ(report.kind, ReportKind::kMemcg);
}

TEST(EraTest, CpusetAndMempolicy) {
  const std::string kill =
      "Out of memory: Killed process 7 (x) total-vm:8kB, anon-rss:4kB, "
      "file-rss:0kB, shmem-rss:0kB, UID:1 pgtables:40kB oom_score_adj:0\n";
  EXPECT_EQ(One("oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset="
                "a,b,mems_allowed=1-2,4,global_oom,task_memcg=/,task=x,pid=7,"
                "uid=1\n" +
                kill)
                .kind,
            ReportKind::kCpuset);
  const OomReport policy =
      One("oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=1,3-4,cpuset="
          "/,mems_allowed=0-7,global_oom,task_memcg=/,task=x,pid=7,uid=1\n" +
          kill);
  EXPECT_EQ(policy.kind, ReportKind::kMempolicy);
  EXPECT_THAT(policy.nodemask, Optional(std::string("1,3-4")));
  EXPECT_THAT(policy.mems_allowed, Optional(std::string("0-7")));
  EXPECT_EQ(One("No available memory (MPOL_BIND): kill process 7 (x) score 0 "
                "or a child\nKilled process 7 (x)\n")
                .kind,
            ReportKind::kMempolicy);
}

TEST(EraTest, PathsMayHoldTheLinesOwnKeys) {
  const OomReport report = One(
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=a,mems_"
      "allowed=x,mems_allowed=0,oom_memcg=/a,task_memcg=b,task_memcg=/a,task_"
      "memcg=b/c d,task=x y,pid=7,uid=4294967294\n"
      "Memory cgroup out of memory: Killed process 7 (x y) total-vm:8kB, "
      "anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:4294967294 "
      "pgtables:40kB oom_score_adj:0\n");
  EXPECT_THAT(report.cpuset, Optional(std::string("a,mems_allowed=x")));
  EXPECT_THAT(report.oom_memcg, Optional(std::string("/a,task_memcg=b")));
  EXPECT_THAT(report.task_memcg, Optional(std::string("/a,task_memcg=b/c d")));
  EXPECT_THAT(report.chosen_comm, Optional(std::string("x y")));
  EXPECT_THAT(report.victims.at(0).uid, Optional(4294967294u));
}

TEST(EraTest, TablesOfVendorsKeepWhatIsNotKnown) {
  const OomReport samsung = One(
      "[ pid ]   uid  tgid total_vm total_rss (   rss     swap  ) nr_ptes "
      "nr_pmds swapents oom_score_adj name\n"
      "[ 4021] 10089  4021   521334    31337 (  30000     1337) 140       5 "
      "   1337          -800 com.x (y) 5\n");
  ASSERT_EQ(samsung.tasks.size(), 1u);
  EXPECT_THAT(samsung.tasks[0].rss_pages, Optional(30000u));
  EXPECT_THAT(samsung.tasks[0].nr_pmds, Optional(5u));
  EXPECT_THAT(samsung.tasks[0].oom_score_adj, Optional(-800));
  EXPECT_EQ(samsung.tasks[0].comm, "com.x (y) 5");
  EXPECT_THAT(samsung.tasks[0].other_columns,
              ElementsAre(Pair("total_rss", 31337), Pair("swap", 1337)));
  const OomReport puds = One(
      "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds nr_puds swapents "
      "oom_score_adj name\n"
      "[    7]     0     7       10        9       8       7       6        5 "
      "            4 3 2 1\n");
  EXPECT_EQ(puds.tasks.at(0).comm, "3 2 1");
  EXPECT_THAT(puds.tasks.at(0).other_columns, ElementsAre(Pair("nr_puds", 6)));
  EXPECT_THAT(puds.tasks.at(0).swapents_pages, Optional(5u));
}

TEST(EraTest, ReaperLinesFindTheirVictimMuchLater) {
  std::string log;
  for (int pid = 10; pid < 14; ++pid) {
    log += "Out of memory: Killed process " + std::to_string(pid) +
           " (x) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, "
           "UID:0 pgtables:40kB oom_score_adj:0\n";
  }
  log +=
      "oom_reaper: reaped process 11 (x), now anon-rss:1kB, file-rss:2kB, "
      "shmem-rss:3lB\n"
      "oom_reaper: reaped process :10 (x) anon-rss:4kB, file-rss:5kB, "
      "shmem-rss:6kB\n"
      "oom_reaper: reaped process 12 (y), now anon-rss:1kB, file-rss:2kB, "
      "shmem-rss:3kB\n";
  const auto reports = ParseLog(log);
  ASSERT_EQ(reports.size(), 4u);
  ASSERT_TRUE(reports[0].victims[0].reaped);
  EXPECT_EQ(reports[0].victims[0].reaped->file_rss_kib, 5u);
  ASSERT_TRUE(reports[1].victims[0].reaped);
  EXPECT_EQ(reports[1].victims[0].reaped->shmem_rss_kib, 3u);
  EXPECT_FALSE(reports[2].victims[0].reaped) << "another process of that pid";
}

TEST(EraTest, PanicsOfEveryEra) {
  for (const char* text : {"out of memory. panic_on_oom is selected",
                           "Out of memory: compulsory panic_on_oom is enabled",
                           "Out of memory and no killable processes...",
                           "System is deadlocked on memory"}) {
    const OomReport report =
        One(std::string("Kernel panic - not syncing: ") + text + "\n");
    EXPECT_EQ(report.outcome, ReportOutcome::kPanic);
    EXPECT_THAT(report.panic_message, Optional(std::string(text)));
  }
  EXPECT_THAT(ParseLog("Kernel panic - not syncing: VFS: Unable to mount\n"),
              IsEmpty());
}

TEST(EraTest, NobodyToKill) {
  const std::string header =
      "x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
      "oom_score_adj=-1000\n"
      "memory: usage 64kB, limit 64kB, failcnt 3\n";
  EXPECT_EQ(
      One(header + "Out of memory and no killable processes...\n").outcome,
      ReportOutcome::kNoKillableProcess);
  EXPECT_EQ(One(header +
                "Out of memory and no killable processes...\n"
                "Kernel panic - not syncing: System is deadlocked on memory\n")
                .outcome,
            ReportOutcome::kPanic);
  const OomReport sysrq = One(
      "sysrq: Manual OOM execution\n"
      "kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, "
      "oom_score_adj=0\n"
      "Out of memory and no killable processes...\n"
      "sysrq: OOM request ignored. No task eligible\n");
  EXPECT_EQ(sysrq.kind, ReportKind::kSysrq);
  EXPECT_EQ(sysrq.outcome, ReportOutcome::kNone);
  EXPECT_EQ(sysrq.first_line, 1u);
}

TEST(EraTest, SysrqOfOldKernelsHasOrderZero) {
  EXPECT_EQ(One("SysRq : Manual OOM execution\n"
                "kworker/3:2 invoked oom-killer: gfp_mask=0xd0, order=0, "
                "oom_score_adj=0\n")
                .kind,
            ReportKind::kSysrq);
}

TEST(EraTest, RateLimitedDumpsLeaveKillLines) {
  std::string log;
  for (int pid = 10; pid < 13; ++pid) {
    log += "Out of memory: Kill process " + std::to_string(pid) +
           " (x) score 100 or sacrifice child\nKilled process " +
           std::to_string(pid) +
           " (x) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n";
  }
  const auto reports = ParseLog(log);
  ASSERT_EQ(reports.size(), 3u);
  for (const OomReport& report : reports) {
    EXPECT_FALSE(report.complete);
    EXPECT_THAT(report.missing,
                ElementsAre("header", "call_trace", "mem_info", "task_table"));
    EXPECT_THAT(report.victims.at(0).score, Optional(100));
  }
}

TEST(EraTest, PiecesThatAnotherCpuCutApart) {
  const OomReport report =
      One("x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
          "oom_score_adj=0\n"
          "Mem-Info:\n"
          "Node 1 \n"
          "usb 1-1: new high-speed USB device\n"
          "Normal free:8kB min:4kB low:5kB high:6kB\n"
          "lowmem_reserve[]: 0 0\n"
          "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null)\n"
          "usb 1-1: New USB device found\n"
          ",cpuset=/,mems_allowed=0\n"
          ",global_oom,task_memcg=/a,task=x,pid=7,uid=0\n"
          "Out of memory: Killed process 7 (x) total-vm:8kB, anon-rss:4kB, "
          "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:40kB oom_score_adj:0\n");
  EXPECT_THAT(report.mem_info->zones.at(0).node, Optional(1));
  EXPECT_THAT(report.task_memcg, Optional(std::string("/a")));
  EXPECT_THAT(report.chosen_pid, Optional(7));
}

TEST(EraTest, LostLinesAreNamed) {
  const OomReport report =
      One("4,10,1000000,-;x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), "
          "order=0, oom_score_adj=0\n"
          "4,14,1000009,-;Mem-Info:\n");
  EXPECT_THAT(report.missing, ::testing::Contains("lost_lines"));
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_EQ(report.warnings[0].code, "lost_lines");
  EXPECT_EQ(report.warnings[0].line, 2u);
  EXPECT_EQ(One("x invoked oom-killer: gfp_mask=0xd0, order=0, "
                "oom_score_adj=0\n** 12 printk messages dropped **\n")
                .warnings.at(0)
                .code,
            "lost_lines");
}

}  // namespace
}  // namespace oomlab::parser
