#include "parser/report/open_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parser/report/header_line.h"
#include "parser/report/kill_line.h"
#include "parser/report/mem_info.h"
#include "parser/report/memcg.h"
#include "parser/report/oom_kill_line.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// Limits on what a hostile log can make us keep.
constexpr std::size_t kMaxTasks = 65'536;
constexpr std::size_t kMaxFrames = 256;
constexpr std::size_t kMaxStats = 1'024;
constexpr std::size_t kMaxWarnings = 64;

// Frames that only a report's own stack has; a panic after it also shows
// out_of_memory().
bool IsOomFrame(std::string_view frame) {
  TakePrefix(frame, "? ");
  return frame.starts_with("dump_header") ||
         frame.starts_with("oom_kill_process");
}

}  // namespace

OpenReport::OpenReport(LineKind kind, const KernelLine& first)
    : caller_(first.caller), foreign_(kind == LineKind::kForeign) {
  report_.first_line = first.number;
  report_.last_line = first.number;
}

void OpenReport::MarkSysrq(std::size_t first_line) {
  sysrq_ = true;
  report_.kind = ReportKind::kSysrq;
  report_.first_line = std::min(report_.first_line, first_line);
}

void OpenReport::MarkInterleaved(std::size_t line) {
  if (interleaved_ || foreign_) return;
  interleaved_ = true;
  Warn(line, "interleaved", "lines of two reports may be mixed up");
}

void OpenReport::MarkLost(std::size_t line, std::string_view what) {
  is_cut_ = true;
  Warn(line, "lost_lines", what);
}

void OpenReport::Warn(std::size_t line, std::string_view code,
                      std::string_view message) {
  if (report_.warnings.size() >= kMaxWarnings) return;
  report_.warnings.push_back({line, std::string(code), std::string(message)});
}

MemcgUsage& OpenReport::Memcg() {
  if (!report_.memcg) report_.memcg.emplace();
  return *report_.memcg;
}

MemInfo& OpenReport::Memory() {
  if (!report_.mem_info) report_.mem_info.emplace();
  return *report_.mem_info;
}

void OpenReport::Take(LineKind kind, const KernelLine& line) {
  if (!IsPastTurn(kind)) stage_ = kind;
  report_.first_line = std::min(report_.first_line, line.number);
  report_.last_line = std::max(report_.last_line, line.number);
  if (line.timestamp_us) last_timestamp_us_ = line.timestamp_us;
  if (kind != LineKind::kTraceFrame) in_trace_ = false;
  if (kind != LineKind::kMemcgStat) in_stats_ = false;

  switch (kind) {
    case LineKind::kForeign:
    case LineKind::kOther:
    case LineKind::kLost:
    case LineKind::kSysrqManual:
    case LineKind::kReaped:
      break;
    case LineKind::kHeader:
      has_header_ = evidence_ = true;
      ParseHeaderLine(line.text, line.unterminated, report_);
      if (line.timestamp_us) {
        report_.timestamp_s = static_cast<double>(*line.timestamp_us) / 1e6;
      }
      if (!report_.invoker.order) {
        Warn(line.number, "damaged_line", "the header holds no order");
      }
      break;
    case LineKind::kCpuset:
    case LineKind::kCpu:
    case LineKind::kTraceHead:
    case LineKind::kTraceEnd:
    case LineKind::kTraceFrame:
      TakeStack(kind, line);
      break;
    case LineKind::kMemcgTask:
    case LineKind::kMemcgUsage:
    case LineKind::kMemcgStatsHead:
    case LineKind::kMemcgStat:
    case LineKind::kMinProtection:
      TakeMemcg(kind, line);
      break;
    case LineKind::kTableBanner:
    case LineKind::kTableHead:
    case LineKind::kTaskRow:
      TakeTable(kind, line);
      break;
    case LineKind::kOomKill:
    case LineKind::kOomKillPart:
      TakeOomKill(kind, line);
      break;
    case LineKind::kScore:
    case LineKind::kNoKillable:
    case LineKind::kKilled:
    case LineKind::kSharingMm:
    case LineKind::kGroup:
    case LineKind::kPanic:
    case LineKind::kSysrqIgnored:
      TakeKill(kind, line);
      break;
    default:
      TakeMemInfo(kind, line);
      break;
  }
}

void OpenReport::TakeStack(LineKind kind, const KernelLine& line) {
  switch (kind) {
    case LineKind::kCpuset:
      if (!ParseCpusetLine(line.text, line.unterminated, report_)) {
        Warn(line.number, "damaged_line", "the cpuset line is not whole");
      }
      break;
    case LineKind::kCpu: {
      has_cpu_line_ = true;
      if (foreign_) break;
      CpuLine cpu =
          ParseCpuLine(line.text, line.unterminated,
                       report_.invoker.comm ? *report_.invoker.comm : "");
      report_.invoker.cpu = cpu.cpu;
      report_.invoker.pid = cpu.pid;
      report_.invoker.uid = cpu.uid;
      report_.kernel_release = std::move(cpu.release);
      report_.tainted = std::move(cpu.tainted);
      if (!report_.invoker.comm && !cpu.comm.empty() && !line.unterminated) {
        report_.invoker.comm = std::string(cpu.comm);
      }
      break;
    }
    case LineKind::kTraceHead:
      in_trace_ = true;
      break;
    case LineKind::kTraceFrame: {
      const std::string_view frame = TraceFrame(line.text);
      if (frame.empty() || line.unterminated) break;
      if (IsOomFrame(frame)) trace_names_oom_ = evidence_ = true;
      if (report_.call_trace.size() < kMaxFrames) {
        report_.call_trace.emplace_back(frame);
      }
      break;
    }
    default:
      break;
  }
}

void OpenReport::TakeMemcg(LineKind kind, const KernelLine& line) {
  bool clean = true;
  switch (kind) {
    case LineKind::kMemcgTask:
      evidence_ = true;
      clean = ParseMemcgTask(line.text, line.unterminated, report_);
      break;
    case LineKind::kMemcgUsage:
      evidence_ = true;
      clean = ParseMemcgUsage(line.text, line.unterminated, Memcg());
      break;
    case LineKind::kMemcgStatsHead:
      evidence_ = in_stats_ = true;
      clean = ParseMemcgStatsHead(line.text, line.unterminated, Memcg());
      break;
    case LineKind::kMemcgStat:
      in_stats_ = true;
      if (report_.memcg && report_.memcg->stats.size() < kMaxStats) {
        clean = ParseMemcgStat(line.text, line.unterminated, *report_.memcg);
      }
      break;
    default:
      if (!foreign_) clean = ParseMinProtection(line.text, Memcg());
      break;
  }
  if (!clean) Warn(line.number, "damaged_line", "a memory cgroup line is cut");
}

void OpenReport::TakeMemInfo(LineKind kind, const KernelLine& line) {
  // A stack that does not pass through the OOM killer: another dump.
  if (!has_header_ && !trace_names_oom_ && !report_.call_trace.empty()) {
    foreign_ = true;
  }
  if (foreign_) return;
  MemInfo& info = Memory();
  const std::string_view text = line.text;
  const bool cut = line.unterminated;
  bool clean = true;
  const bool zone_waited = std::exchange(zone_waits_, false);
  const auto lone_node = std::exchange(lone_node_, std::nullopt);
  switch (kind) {
    case LineKind::kCounters:
      clean = ParseCounters(text, cut, info);
      break;
    case LineKind::kNode:
      clean = ParseNodeLine(text, cut, info);
      break;
    case LineKind::kLoneNode: {
      std::string_view node = TrimLeft(text);
      TakePrefix(node, "Node ");
      lone_node_ = TakeInt<std::int32_t>(node);
      return;
    }
    case LineKind::kZone:
      clean = ParseZoneLine(text, cut, info);
      zone_waits_ = true;
      if (!info.zones.back().node) info.zones.back().node = lone_node;
      break;
    case LineKind::kLowmemReserve:
      if (zone_waited) clean = ParseLowmemReserve(text, cut, info.zones.back());
      break;
    case LineKind::kBuddy:
      clean = ParseBuddyLine(text, cut, info);
      if (clean && !info.buddy.back().node) info.buddy.back().node = lone_node;
      break;
    case LineKind::kHugepages:
      clean = ParseHugepages(text, info);
      break;
    case LineKind::kPageCount: {
      clean = ParsePageCount(text, info);
      // "511983 pages RAM ★": what stands behind the words is not the kernel's.
      const std::size_t last = text.find_last_of(' ');
      if (text.size() > last + 1 &&
          static_cast<unsigned char>(text[last + 1]) >= 0x80) {
        author_mark_ = std::string(text.substr(last));
      }
      break;
    }
    case LineKind::kSwap:
      clean = ParseSwapLine(text, info);
      break;
    default:
      break;
  }
  if (!clean) Warn(line.number, "damaged_line", "a memory line is not whole");
}

void OpenReport::TakeTable(LineKind kind, const KernelLine& line) {
  evidence_ = true;
  if (kind == LineKind::kTableHead) {
    table_ = TaskTable::FromHeader(line.text);
    if (table_) {
      report_.has_task_table = true;
    } else {
      Warn(line.number, "damaged_line", "the task table's header is not whole");
    }
  }
  if (kind != LineKind::kTaskRow) return;
  std::string_view text = line.text;
  if (!author_mark_.empty() && text.ends_with(author_mark_)) {
    text.remove_suffix(author_mark_.size());
  }
  auto row = table_ ? table_->ParseRow(text) : std::nullopt;
  if (!table_) {
    if (!lost_rows_) {
      Warn(line.number, "row_without_header",
           "task rows without their header cannot be read");
    }
    lost_rows_ = true;
    return;
  }
  if (!row || line.unterminated) {
    Warn(line.number, "damaged_line", "a task row does not fit its header");
    return;
  }
  if (report_.tasks.size() >= kMaxTasks) {
    if (!lost_rows_) {
      Warn(line.number, "table_too_long", "further task rows are left out");
    }
    lost_rows_ = true;
    return;
  }
  row->line = line.number;
  report_.tasks.push_back(std::move(*row));
}

void OpenReport::TakeOomKill(LineKind kind, const KernelLine& line) {
  evidence_ = true;
  // The kernel prints the line in pieces, and another CPU may come between.
  if (kind == LineKind::kOomKill) oom_kill_text_.clear();
  oom_kill_text_ += TrimRight(line.text);
  const OomKillLine parsed =
      ParseOomKillLine(oom_kill_text_, line.unterminated, report_.tasks);
  const auto set = [](std::optional<std::string>& to,
                      const std::optional<std::string_view>& from) {
    if (from) to = std::string(*from);
  };
  if (!parsed.constraint.empty()) {
    report_.constraint = std::string(parsed.constraint);
  }
  if (!parsed.nodemask.empty()) {
    report_.nodemask = std::string(parsed.nodemask);
  }
  set(report_.cpuset, parsed.cpuset);
  set(report_.mems_allowed, parsed.mems_allowed);
  set(report_.oom_memcg, parsed.oom_memcg);
  set(report_.task_memcg, parsed.task_memcg);
  set(report_.chosen_comm, parsed.task);
  report_.chosen_pid = parsed.pid;
}

void OpenReport::TakeKill(LineKind kind, const KernelLine& line) {
  evidence_ = evidence_ || kind != LineKind::kKilled;
  switch (kind) {
    case LineKind::kScore: {
      const auto score = ParseScoreLine(line.text);
      if (!score) {
        Warn(line.number, "damaged_line", "the score line is not whole");
        break;
      }
      has_score_line_ = true;
      kill_message_ = score->message;
      score_pid_ = score->pid;
      report_.chosen_score = score->score;
      if (!report_.chosen_pid) {
        report_.chosen_pid = score->pid;
        report_.chosen_comm = score->comm;
      }
      break;
    }
    case LineKind::kNoKillable:
      no_killable_ = true;
      break;
    case LineKind::kKilled:
      TakeKilled(line);
      break;
    case LineKind::kSharingMm:
      if (auto victim = ParseSharingLine(line.text)) {
        victim->line = line.number;
        report_.victims.push_back(std::move(*victim));
      }
      break;
    case LineKind::kGroup:
      report_.oom_group_memcg = ParseGroupLine(line.text);
      break;
    case LineKind::kPanic: {
      panicked_ = true;
      if (line.unterminated) break;
      std::string_view text = TrimRight(TrimLeft(line.text));
      TakePrefix(text, "Kernel panic - not syncing: ");
      report_.panic_message = std::string(text);
      break;
    }
    default:
      ignored_ = true;
      break;
  }
}

void OpenReport::TakeKilled(const KernelLine& line) {
  auto kill = ParseKilledLine(line.text);
  if (!kill) return;
  evidence_ = true;
  if (!kill->message.empty()) kill_message_ = kill->message;
  Victim& victim = kill->victim;
  for (const Victim& known : report_.victims) {
    if (known.pid == victim.pid) {
      repeated_victim_ = true;
      return;
    }
  }
  if (kill->name_cut) {
    Warn(line.number, "cut_name", "the kill line ends in the name");
    for (const TaskRow& row : report_.tasks) {
      if (row.pid == victim.pid) victim.comm = row.comm;
    }
  } else if (!victim.total_vm_kib) {
    // 2.6.32 prints no sizes; later kernels do.
    if (line.unterminated) {
      Warn(line.number, "damaged_line", "the kill line is cut");
    }
  } else if (line.unterminated) {
    Warn(line.number, "unterminated_line",
         "the input ends in the kill line; its last number may be cut");
  }
  // The score belongs to the process that was chosen; before 5.1 a child of
  // it may be the one that is killed.
  if (score_pid_ == victim.pid) victim.score = report_.chosen_score;
  if (report_.chosen_pid == victim.pid) victim.task_memcg = report_.task_memcg;
  victim.line = line.number;
  report_.victims.push_back(std::move(victim));
}

bool OpenReport::TakeReaped(const KernelLine& line) {
  if (!AddReaped(line.text, report_)) return false;
  report_.last_line = std::max(report_.last_line, line.number);
  return true;
}

bool OpenReport::AddReaped(std::string_view text, OomReport& report) {
  const auto reaped = ParseReapedLine(text);
  if (!reaped) return false;
  for (Victim& victim : report.victims) {
    if (victim.pid == reaped->pid && victim.comm == reaped->comm &&
        !victim.reaped) {
      victim.reaped = reaped->sizes;
      return true;
    }
  }
  return false;
}

bool OpenReport::IsDone() const {
  return panicked_ || ignored_ || no_killable_ || !report_.victims.empty();
}

}  // namespace oomlab::parser
