// Which lines an open report could take next.

#include <algorithm>

#include "parser/report/header_line.h"
#include "parser/report/kill_line.h"
#include "parser/report/open_report.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// A group kill goes on as long as its lines follow each other.
constexpr std::int64_t kGroupGapUs = 10'000'000;

// Kinds that alternate have the rank of the first of them.
LineKind Rank(LineKind kind) {
  switch (kind) {
    case LineKind::kLowmemReserve:
    case LineKind::kLoneNode:
      return LineKind::kZone;
    case LineKind::kSwap:
      return LineKind::kPageCount;
    case LineKind::kTraceEnd:
    case LineKind::kTraceFrame:
      return LineKind::kTraceHead;
    default:
      return kind;
  }
}

bool HasKey(const NamedValues& values, std::string_view key) {
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& value) { return value.first == key; });
}

// The node and zone that a line of Mem-Info is about.
struct ZoneName {
  std::optional<std::int32_t> node;
  std::string_view zone;
};

ZoneName NameOfZone(std::string_view text) {
  ZoneName name;
  text = TrimLeft(text);
  if (TakePrefix(text, "Node ")) {
    name.node = TakeInt<std::int32_t>(text);
    text = TrimLeft(text);
  }
  name.zone = text.substr(0, text.find_first_of(" :"));
  return name;
}

template <class List>
bool HasZone(const List& list, std::string_view text) {
  const ZoneName name = NameOfZone(text);
  return std::any_of(list.begin(), list.end(), [&](const auto& item) {
    return item.node == name.node && item.zone == name.zone;
  });
}

}  // namespace

bool OpenReport::IsPastTurn(LineKind kind) const {
  return Rank(kind) < Rank(stage_);
}

bool OpenReport::KnowsPid(std::int32_t pid) const {
  if (report_.chosen_pid == pid || score_pid_ == pid) return true;
  return std::any_of(
      report_.tasks.begin(), report_.tasks.end(),
      [&](const TaskRow& row) { return row.pid == pid || row.tgid == pid; });
}

// Whether the report holds already what the line says: then the line is part
// of another dump.
bool OpenReport::HasAlready(LineKind kind, std::string_view text) const {
  text = TrimLeft(text);
  const auto& info = report_.mem_info;
  switch (kind) {
    case LineKind::kMemInfoHead:
      return info.has_value();
    case LineKind::kCounters:
      return info && HasKey(info->counters, text.substr(0, text.find(':')));
    case LineKind::kNode: {
      const ZoneName name = NameOfZone(text);
      return info && std::any_of(info->nodes.begin(), info->nodes.end(),
                                 [&](const NodeInfo& node) {
                                   return node.node == name.node;
                                 });
    }
    case LineKind::kZone:
      return info && HasZone(info->zones, text);
    case LineKind::kBuddy:
      return info && HasZone(info->buddy, text);
    case LineKind::kLowmemReserve:
      // It names no zone: only what stands before it does.
      return !zone_waits_ || interleaved_;
    case LineKind::kMemcgStat: {
      // The first key again begins another cgroup's list. To look for each of
      // a hundred keys would take longer than to parse them.
      if (!report_.memcg || report_.memcg->stats.empty()) return false;
      const std::string& key = report_.memcg->stats.front().first;
      return text.starts_with(key) && text.substr(key.size()).starts_with(' ');
    }
    case LineKind::kMinProtection:
      return report_.memcg && report_.memcg->min_protection_kib;
    case LineKind::kTableHead:
      return table_.has_value();
    case LineKind::kOomKill:
      return report_.constraint.has_value();
    case LineKind::kScore:
      return has_score_line_;
    default:
      return false;
  }
}

Fit OpenReport::FitsCpu(const KernelLine& line) const {
  if (has_cpu_line_ || stage_ >= LineKind::kCpu) return Fit::kNo;
  if (!report_.invoker.comm) return Fit::kInTurn;
  const CpuLine cpu =
      ParseCpuLine(line.text, line.unterminated, *report_.invoker.comm);
  // Names of up to 20 bytes are printed here, of 15 in the header.
  return cpu.comm == *report_.invoker.comm ? Fit::kCertain : Fit::kNo;
}

Fit OpenReport::FitsKill(const KernelLine& line) const {
  if (foreign_) return Fit::kNo;
  const auto kill = ParseKilledLine(line.text);
  if (!kill) return Fit::kNo;
  const std::int32_t pid = kill->victim.pid;
  if (report_.victims.empty()) {
    if (IsDone()) return Fit::kNo;
    return KnowsPid(pid) ? Fit::kCertain : Fit::kInTurn;
  }
  // A further victim: only of a group kill, and with the same message.
  if (kill->message != kill_message_) return Fit::kNo;
  if (line.timestamp_us && last_timestamp_us_ &&
      *line.timestamp_us - *last_timestamp_us_ > kGroupGapUs) {
    return Fit::kNo;
  }
  if (IsGroupKill()) return KnowsPid(pid) ? Fit::kCertain : Fit::kInTurn;
  // The second print of the first victim, should the line between be lost.
  const Victim& first = report_.victims.front();
  return first.pid == pid && first.comm == kill->victim.comm &&
                 first.total_vm_kib == kill->victim.total_vm_kib
             ? Fit::kInTurn
             : Fit::kNo;
}

Fit OpenReport::Fits(LineKind kind, const KernelLine& line) const {
  // A task prints all of its report itself.
  if (!line.caller.empty() && !caller_.empty() && line.caller != caller_) {
    return Fit::kNo;
  }
  switch (kind) {
    case LineKind::kCpuset: {
      OomReport scratch;
      scratch.invoker.comm = report_.invoker.comm;
      const bool fits = has_header_ && !report_.cpuset && !has_cpu_line_ &&
                        ParseCpusetLine(line.text, false, scratch);
      return fits ? Fit::kCertain : Fit::kNo;
    }
    case LineKind::kCpu:
      return FitsCpu(line);
    case LineKind::kTraceHead:
      return Rank(stage_) <= LineKind::kTraceHead && report_.call_trace.empty()
                 ? Fit::kInTurn
                 : Fit::kNo;
    case LineKind::kTraceFrame:
    case LineKind::kTraceEnd:
      return in_trace_ ? Fit::kInTurn : Fit::kNo;
    case LineKind::kMemcgStat:
      return in_stats_ && !HasAlready(kind, line.text) ? Fit::kInTurn
                                                       : Fit::kNo;
    case LineKind::kTaskRow:
      if (foreign_) return Fit::kNo;
      if (stage_ != LineKind::kTaskRow && stage_ != LineKind::kTableHead &&
          stage_ != LineKind::kTableBanner) {
        return Fit::kNo;
      }
      if (!table_) return Fit::kInTurn;
      break;
    case LineKind::kOomKillPart:
      return stage_ == LineKind::kOomKill || stage_ == LineKind::kOomKillPart
                 ? Fit::kInTurn
                 : Fit::kNo;
    case LineKind::kKilled:
      return FitsKill(line);
    case LineKind::kSharingMm:
      return has_score_line_ || !report_.victims.empty() ? Fit::kInTurn
                                                         : Fit::kNo;
    case LineKind::kGroup:
      return !report_.oom_group_memcg && stage_ >= LineKind::kTaskRow
                 ? Fit::kInTurn
                 : Fit::kNo;
    case LineKind::kPanic:
      return evidence_ && report_.victims.empty() && !panicked_ ? Fit::kInTurn
                                                                : Fit::kNo;
    case LineKind::kNoKillable:
      return evidence_ && !IsDone() ? Fit::kInTurn : Fit::kNo;
    case LineKind::kSysrqIgnored:
      return sysrq_ ? Fit::kInTurn : Fit::kNo;
    default:
      break;
  }
  if (foreign_ && kind >= LineKind::kTableBanner) return Fit::kNo;
  if (foreign_) return IsPastTurn(kind) ? Fit::kNo : Fit::kInTurn;
  if (HasAlready(kind, line.text)) return Fit::kNo;
  if (!IsPastTurn(kind)) return Fit::kInTurn;
  const bool duplicates_show =
      kind == LineKind::kCounters || kind == LineKind::kNode ||
      kind == LineKind::kZone || kind == LineKind::kBuddy;
  return duplicates_show && !IsDone() ? Fit::kLate : Fit::kNo;
}

}  // namespace oomlab::parser
