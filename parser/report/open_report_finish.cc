// What follows from a report as a whole.

#include <bit>
#include <utility>

#include "parser/report/open_report.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

bool IsAtLeast5(const std::optional<std::string>& release) {
  if (!release) return false;
  std::string_view text = *release;
  const auto major = TakeInt<int>(text);
  return major && *major >= 5;
}

// The first buddy order is one page; without buddy lists, the victim's size in
// pages and in KiB tells, where the two agree exactly.
std::optional<std::uint64_t> PageSize(const OomReport& report) {
  if (report.mem_info) {
    for (const BuddyList& list : report.mem_info->buddy) {
      if (!list.entries.empty() &&
          std::has_single_bit(list.entries[0].size_kib)) {
        return list.entries[0].size_kib * 1024;
      }
    }
  }
  for (const Victim& victim : report.victims) {
    for (const TaskRow& row : report.tasks) {
      if (row.pid != victim.pid || !row.total_vm_pages ||
          !victim.total_vm_kib || *row.total_vm_pages == 0) {
        continue;
      }
      const std::uint64_t kib = *victim.total_vm_kib / *row.total_vm_pages;
      if (*victim.total_vm_kib % *row.total_vm_pages == 0 && kib >= 4 &&
          std::has_single_bit(kib)) {
        return kib * 1024;
      }
    }
  }
  return std::nullopt;
}

void AddMissingMemory(const OomReport& report, bool is_memcg,
                      std::vector<std::string>& missing) {
  if (is_memcg) {
    if (!report.memcg || !report.memcg->usage_kib) {
      missing.emplace_back("memcg");
    } else if (report.memcg->stats.empty() && !report.mem_info) {
      // Kernels up to 3.8 print Mem-Info instead of statistics.
      missing.emplace_back("memcg_stats");
    }
    return;
  }
  if (!report.mem_info) {
    missing.emplace_back("mem_info");
    return;
  }
  const MemInfo& info = *report.mem_info;
  if (info.counters.empty()) missing.emplace_back("mem_info_counters");
  if (info.zones.empty()) missing.emplace_back("mem_info_zones");
  if (info.buddy.empty()) missing.emplace_back("mem_info_buddy");
  if (!info.ram_pages) missing.emplace_back("mem_info_totals");
}

}  // namespace

OomReport OpenReport::Finish() && {
  OomReport& report = report_;
  const std::string_view constraint =
      report.constraint ? std::string_view(*report.constraint) : "";
  const bool memcg_lines = report.memcg && report.memcg->usage_kib;
  const bool is_memcg = report.oom_memcg || memcg_lines ||
                        kill_message_.starts_with("Memory cgroup");
  if (sysrq_ || report.invoker.order == -1) {
    report.kind = ReportKind::kSysrq;
  } else if (is_memcg) {
    report.kind = ReportKind::kMemcg;
  } else if (constraint == "CONSTRAINT_CPUSET") {
    report.kind = ReportKind::kCpuset;
  } else if (constraint == "CONSTRAINT_MEMORY_POLICY" ||
             kill_message_.starts_with("No available memory")) {
    report.kind = ReportKind::kMempolicy;
  }

  const bool sysrq = report.kind == ReportKind::kSysrq;
  if (panicked_) {
    report.outcome = ReportOutcome::kPanic;
  } else if (!report.victims.empty()) {
    report.outcome =
        IsGroupKill() ? ReportOutcome::kGroupKilled : ReportOutcome::kKilled;
  } else if (ignored_ || (no_killable_ && sysrq)) {
    report.outcome = ReportOutcome::kNone;
  } else if (no_killable_) {
    report.outcome = ReportOutcome::kNoKillableProcess;
  }
  report.page_size_bytes = PageSize(report);

  auto& missing = report.missing;
  if (!has_header_) missing.emplace_back("header");
  if (report.call_trace.empty()) missing.emplace_back("call_trace");
  AddMissingMemory(report, is_memcg, missing);
  const bool unknown = report.outcome == ReportOutcome::kUnknown;
  // vm.oom_dump_tasks=0 leaves the table out. Then lines of the same level
  // around it are there; where none is, it may as well have been filtered.
  const bool info_lines = report.constraint || memcg_lines || report.cpuset;
  const bool table_off =
      info_lines && !unknown && !lost_rows_ && stage_ != LineKind::kTableBanner;
  if (!report.has_task_table && !table_off) missing.emplace_back("task_table");
  const bool killed = !report.victims.empty();
  // From 5.1 on one line names the message and the process.
  const bool modern = report.constraint || IsAtLeast5(report.kernel_release) ||
                      (killed && !kill_message_.empty() && !has_score_line_);
  if (modern && !report.constraint && (killed || unknown)) {
    missing.emplace_back("oom_kill_line");
  }
  if (!modern && killed && !has_score_line_) {
    missing.emplace_back("score_line");
  }
  if (unknown) missing.emplace_back("kill_line");
  if (repeated_victim_ && !report.oom_group_memcg) {
    missing.emplace_back("group_line");
  }
  if (!oom_kill_text_.empty() && !report.chosen_pid) {
    missing.emplace_back("chosen");
  }
  if (is_cut_) missing.emplace_back("lost_lines");
  report.complete = missing.empty();
  return std::move(report_);
}

}  // namespace oomlab::parser
