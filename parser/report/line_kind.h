// What a line of kernel text is, by its own words alone.
//
//   ClassifyLine("Node 0 DMA free:616kB boost:2048kB ...")   kZone
//   ClassifyLine("clocksource: Switched to clocksource tsc") kOther
//
// The kinds are in the order in which a report prints them (dump_header() and
// oom_kill_process(), mm/oom_kill.c), so that order can be compared.

#ifndef OOMLAB_PARSER_REPORT_LINE_KIND_H_
#define OOMLAB_PARSER_REPORT_LINE_KIND_H_

#include <cstdint>
#include <string_view>

namespace oomlab::parser {

enum class LineKind : std::uint8_t {
  kOther,
  kLost,            // ** 12 printk messages dropped **
  kSysrqManual,     // sysrq: Manual OOM execution
  kForeign,         // the head of another dump: page allocation failure, ...
  kHeader,          // prefork invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)
  kCpuset,          // prefork cpuset=/ mems_allowed=0
  kCpu,             // CPU: 0 PID: 79 Comm: prefork Not tainted 5.10.0 #1
  kTraceHead,       // Call Trace:
  kTraceEnd,        // RIP: 0033:0x41d74a
  kTraceFrame,      //  dump_stack+0x6b/0x83
  kMemcgTask,       // Task in /a killed as a result of limit of /b
  kMemcgUsage,      // memory: usage 65536kB, limit 65536kB, failcnt 21
  kMemcgStatsHead,  // Memory cgroup stats for /t/a:
  kMemcgStat,       // anon 66232320
  kMemInfoHead,     // Mem-Info:
  kPerCpu,          // DMA per-cpu:
  kCounters,        // active_anon:435 inactive_anon:35240 isolated_anon:0
  kNode,            // Node 0 active_anon:1740kB ...
  kLoneNode,        // Node 0, cut off its zone by another CPU\'s line
  kZone,            // Node 0 DMA free:696kB min:160kB ...
  kLowmemReserve,   // lowmem_reserve[]: 0 134 134 134 134
  kBuddy,           // Node 0 DMA: 0*4kB 1*8kB (U) ... = 696kB
  kHugepages,       // Node 0 hugepages_total=0 ...
  kPageCount,       // 673 total pagecache pages
  kSwap,            // Free swap  = 0kB
  kMinProtection,   // Memory cgroup min protection 0kB -- low protection 0kB
  kTableBanner,     // Tasks state (memory values in pages):
  kTableHead,       // [  pid  ]   uid  tgid total_vm      rss ...
  kTaskRow,         // [     79]     0    79    16420 ...
  kOomKill,         // oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),...
  kOomKillPart,     // ,cpuset=/,mems_allowed=0: a piece that was cut off
  kScore,           // Out of memory: Kill process 9 (x) score 9 or sacrifice..
  kNoKillable,      // Out of memory and no killable processes...
  kKilled,          // Out of memory: Killed process 79 (prefork) total-vm:...
  kSharingMm,       // Kill process 9 (x) sharing same memory
  kGroup,           // Tasks in /t/a are going to be killed due to memory.oom...
  kPanic,           // Kernel panic - not syncing: Out of memory: ...
  kReaped,          // oom_reaper: reaped process 79 (prefork), now ...
  kSysrqIgnored,    // sysrq: OOM request ignored. No task eligible
};

[[nodiscard]] LineKind ClassifyLine(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_LINE_KIND_H_
