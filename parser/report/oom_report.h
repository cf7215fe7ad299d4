// OomReport: one OOM-killer report of a kernel log, as values.
//
// Field names and units are those of `oomlab parse --format json` (schema
// oomlab.report/1). Absent means "not printed": optional fields are nullopt,
// lists and maps empty; nothing is defaulted or computed.
//
// Units: the task table counts pages, kill lines and memcg lines KiB (the
// kernel's "kB" is 1024 bytes), memcg statistics are as printed.

#ifndef OOMLAB_PARSER_REPORT_OOM_REPORT_H_
#define OOMLAB_PARSER_REPORT_OOM_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oomlab::parser {

// What ran out, or who asked.
enum class ReportKind { kGlobal, kMemcg, kCpuset, kMempolicy, kSysrq };

enum class ReportOutcome {
  kKilled,
  kGroupKilled,        // memory.oom.group
  kPanic,              // panic_on_oom, or nobody left to kill
  kNoKillableProcess,  // memcg: the kernel goes on without a kill
  kNone,               // sysrq with nobody eligible
  kUnknown,            // the log ends first
};

// Name and value in the order of the log.
using NamedValues = std::vector<std::pair<std::string, std::int64_t>>;

struct Invoker {
  std::optional<std::string> comm;  // Raw bytes; may be anything but NUL.
  std::optional<std::int32_t> pid;
  std::optional<std::uint32_t> uid;
  std::optional<std::int32_t> cpu;
  std::optional<std::string> gfp_mask;  // "0x140dca", as printed.
  std::vector<std::string> gfp_flags;   // {"GFP_HIGHUSER_MOVABLE", ...}
  std::optional<std::int32_t> order;    // -1: sysrq.
  std::optional<std::int32_t> oom_score_adj;
  std::optional<std::int32_t> oom_adj;  // Before 3.7.
};

struct MemcgUsage {
  std::optional<std::uint64_t> usage_kib, limit_kib, failcnt;
  std::optional<std::uint64_t> swap_usage_kib, swap_limit_kib, swap_failcnt;
  std::optional<std::uint64_t> memsw_usage_kib, memsw_limit_kib, memsw_failcnt;
  std::optional<std::uint64_t> kmem_usage_kib, kmem_limit_kib, kmem_failcnt;
  std::optional<std::uint64_t> min_protection_kib, low_protection_kib;
  std::optional<std::string> stats_memcg;  // "/t/a"
  // Bytes or events. Kernels up to 5.2 print "cache:840KB": bytes here too.
  NamedValues stats;
};

// "Node 0 DMA: 1*4kB (U) 0*8kB ... = 644kB"
struct BuddyList {
  struct Entry {
    std::uint64_t count = 0;
    std::uint64_t size_kib = 0;
    std::string migrate_types;  // "UME", empty when not printed.
  };
  std::optional<std::int32_t> node;
  std::string zone;
  std::vector<Entry> entries;
  std::optional<std::uint64_t> total_kib;
};

// "Node 0 DMA32 free:796kB ..." with its lowmem_reserve[]; KiB unless the name
// says otherwise. "all_unreclaimable?" is all_unreclaimable.
struct ZoneInfo {
  std::optional<std::int32_t> node;
  std::string zone;
  NamedValues values_kib;
  std::optional<bool> all_unreclaimable;
  std::vector<std::int64_t> lowmem_reserve_pages;
};

struct NodeInfo {
  std::int32_t node = 0;
  NamedValues values_kib;
  std::optional<bool> all_unreclaimable;
};

struct HugepageInfo {
  std::optional<std::int32_t> node;
  std::uint64_t total = 0, free = 0, surplus = 0, size_kib = 0;
};

struct MemInfo {
  NamedValues counters;  // "active_anon": pages, ...
  std::vector<NodeInfo> nodes;
  std::vector<ZoneInfo> zones;
  std::vector<BuddyList> buddy;
  std::vector<HugepageInfo> hugepages;
  std::optional<std::uint64_t> pagecache_pages, swap_cache_pages;
  std::optional<std::uint64_t> swap_free_kib, swap_total_kib;
  std::optional<std::uint64_t> ram_pages, highmem_pages, reserved_pages;
  std::optional<std::uint64_t> cma_reserved_pages, hwpoisoned_pages;
  std::optional<std::uint64_t> pages_shared, pages_non_shared;
};

// A row of the task table. Which columns exist is the header's choice.
struct TaskRow {
  std::int32_t pid = 0;
  std::string comm;
  std::optional<std::uint32_t> uid;
  std::optional<std::int32_t> tgid;
  std::optional<std::uint64_t> total_vm_pages, rss_pages;
  std::optional<std::uint64_t> rss_anon_pages, rss_file_pages, rss_shmem_pages;
  std::optional<std::uint64_t> pgtables_bytes, nr_ptes, nr_pmds;
  std::optional<std::uint64_t> swapents_pages;
  std::optional<std::int32_t> oom_score_adj, oom_adj, cpu;
  NamedValues other_columns;  // Columns that this parser does not know.
  std::size_t line = 0;
};

struct ReapedSizes {
  std::uint64_t anon_rss_kib = 0, file_rss_kib = 0, shmem_rss_kib = 0;
};

// A process that the kernel killed.
struct Victim {
  std::int32_t pid = 0;
  std::string comm;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint64_t> total_vm_kib;
  std::optional<std::uint64_t> anon_rss_kib, file_rss_kib, shmem_rss_kib;
  std::optional<std::uint64_t> pgtables_kib;
  std::optional<std::int32_t> oom_score_adj;
  std::optional<std::int32_t> score;  // "score N or sacrifice child", <= 5.0.
  std::optional<std::string> task_memcg;
  std::optional<ReapedSizes> reaped;
  std::size_t line = 0;  // Of the kill line.
};

struct Warning {
  std::size_t line = 0;
  std::string code;  // Stable, snake_case.
  std::string message;
};

struct OomReport {
  ReportKind kind = ReportKind::kGlobal;
  ReportOutcome outcome = ReportOutcome::kUnknown;
  bool complete = false;
  std::vector<std::string> missing;           // "task_table", "kill_line", ...
  std::size_t first_line = 0, last_line = 0;  // 1-based, in the input.
  std::optional<double> timestamp_s;          // Of the header line.
  std::optional<std::string> kernel_release, tainted;
  std::optional<std::uint64_t> page_size_bytes;
  Invoker invoker;
  std::optional<std::string> constraint;  // "CONSTRAINT_MEMCG"
  std::optional<std::string> cpuset, mems_allowed, nodemask;
  std::optional<std::string> oom_memcg, task_memcg;
  // The process that the oom-kill: line names (5.0 on), or the score line (up
  // to 5.0), which may be another than the victim: then a child of it was
  // killed.
  std::optional<std::string> chosen_comm;
  std::optional<std::int32_t> chosen_pid;
  std::optional<std::int32_t> chosen_score;
  std::optional<std::string> oom_group_memcg;  // "Tasks in %s are going to ..."
  std::optional<MemcgUsage> memcg;
  std::optional<MemInfo> mem_info;
  bool has_task_table = false;  // The header was printed, rows or not.
  std::vector<TaskRow> tasks;
  std::vector<Victim> victims;  // Each pid once, in order of the log.
  std::optional<std::string> panic_message;
  std::vector<std::string> call_trace;
  std::vector<Warning> warnings;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_OOM_REPORT_H_
