#include "parser/report/report_router.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "parser/report/header_line.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// Open reports at a time, and how far one may lie behind.
constexpr std::size_t kMaxOpen = 8;
constexpr std::size_t kStaleLines = 10'000;
// Closed reports kept for the reaper, and their task rows.
constexpr std::size_t kMaxClosed = 32;
constexpr std::size_t kMaxClosedRows = 20'000;
// The sysrq line and the worker's header are neighbours.
constexpr std::size_t kSysrqDistance = 64;

// Kinds that can be what is left of a report whose beginning is lost.
bool MayOpen(LineKind kind, std::string_view text) {
  switch (kind) {
    case LineKind::kForeign:
    case LineKind::kHeader:
    case LineKind::kCpu:
    case LineKind::kMemcgTask:
    case LineKind::kMemcgUsage:
    case LineKind::kMemcgStatsHead:
    case LineKind::kMemInfoHead:
    case LineKind::kCounters:
    case LineKind::kNode:
    case LineKind::kZone:
    case LineKind::kBuddy:
    case LineKind::kTableBanner:
    case LineKind::kTableHead:
    case LineKind::kOomKill:
    case LineKind::kScore:
    case LineKind::kNoKillable:
    case LineKind::kKilled:
    case LineKind::kGroup:
      return true;
    case LineKind::kPanic:
      // Panics of the OOM killer of every era; any other is not our business.
      return text.find("Out of memory") != std::string_view::npos ||
             text.find("out of memory") != std::string_view::npos ||
             text.find("deadlocked on memory") != std::string_view::npos;
    default:
      return false;
  }
}

// SysRq-f lets a kernel worker run the killer; from 4.3 on it says order=-1.
bool IsSysrqWorker(std::string_view text) {
  return text.starts_with("kworker/") || text.starts_with("events/") ||
         text.find(", order=-1,") != std::string_view::npos;
}

}  // namespace

std::optional<ReportRouter::Position> ReportRouter::Choose(
    LineKind kind, const KernelLine& line) {
  std::optional<Position> best;
  Fit best_fit = Fit::kNo;
  for (Position it = open_.begin(); it != open_.end(); ++it) {
    const Fit fit = it->Fits(kind, line);
    if (fit == Fit::kNo) continue;
    // Two are at their zones: whose lines are whose, nobody knows from here on.
    if (kind == LineKind::kZone && best && line.caller.empty()) {
      it->MarkInterleaved(line.number);
      (*best)->MarkInterleaved(line.number);
    }
    // A kill that nothing ties to a report goes to the latest one only.
    if (kind == LineKind::kKilled && fit != Fit::kCertain &&
        it != open_.begin()) {
      continue;
    }
    // The nearest in order; of equals the one that took the last line.
    if (!best || std::make_tuple(fit, it->stage()) >
                     std::make_tuple(best_fit, (*best)->stage())) {
      best = it;
      best_fit = fit;
    }
  }
  return best;
}

ReportRouter::Position ReportRouter::Open(LineKind kind,
                                          const KernelLine& line) {
  CloseDone(line);
  CloseStale(line.number);
  while (open_.size() >= kMaxOpen) Close(std::prev(open_.end()));
  open_.emplace_front(kind, line);
  return open_.begin();
}

void ReportRouter::Add(const KernelLine& line) {
  // Right after a header, a line of the invoker's name is its cpuset line
  // whatever the name looks like.
  LineKind kind = LineKind::kOther;
  if (!open_.empty() && open_.front().stage() == LineKind::kHeader &&
      open_.front().Fits(LineKind::kCpuset, line) == Fit::kCertain) {
    kind = LineKind::kCpuset;
  } else {
    kind = ClassifyLine(line.text);
  }
  if (line.lost_before > 0) {
    MarkLost(line.number, "records are missing before this line: " +
                              std::to_string(line.lost_before));
  }
  switch (kind) {
    case LineKind::kOther:
      return;
    case LineKind::kLost:
      MarkLost(line.number, TrimRight(line.text.substr(0, 80)));
      return;
    case LineKind::kSysrqManual:
      sysrq_ = line;
      sysrq_->text = {};
      sysrq_->caller = {};
      return;
    case LineKind::kReaped:
      TakeReaped(line);
      return;
    default:
      break;
  }
  std::optional<Position> position;
  if (kind != LineKind::kHeader && kind != LineKind::kForeign) {
    position = Choose(kind, line);
  }
  if (!position) {
    if (!MayOpen(kind, line.text)) return;
    position = Open(kind, line);
    if (kind == LineKind::kHeader && sysrq_ && IsSysrqWorker(line.text)) {
      if (line.number - sysrq_->number <= kSysrqDistance) {
        (*position)->MarkSysrq(sysrq_->number);
      }
      sysrq_.reset();
    }
  }
  (*position)->Take(kind, line);
  last_used_line_ = line.number;
  if (*position != open_.begin()) {
    open_.splice(open_.begin(), open_, *position);
  }
}

void ReportRouter::MarkLost(std::size_t line, std::string_view what) {
  for (OpenReport& report : open_) {
    if (!report.IsDone()) report.MarkLost(line, what);
  }
}

void ReportRouter::TakeReaped(const KernelLine& line) {
  for (OpenReport& report : open_) {
    if (report.TakeReaped(line)) {
      last_used_line_ = line.number;
      return;
    }
  }
  for (auto it = closed_.rbegin(); it != closed_.rend(); ++it) {
    if (OpenReport::AddReaped(line.text, *it)) return;
  }
}

// Another report begins. With caller ids, one that has come to its kill line
// may still go on; without, only a group kill may.
void ReportRouter::CloseDone(const KernelLine& line) {
  for (Position it = open_.begin(); it != open_.end();) {
    const Position next = std::next(it);
    const bool others = !line.caller.empty() && !it->caller().empty() &&
                        line.caller != it->caller();
    if (it->IsDone() && !others && !it->IsGroupKill()) Close(it);
    it = next;
  }
}

void ReportRouter::CloseStale(std::size_t line) {
  for (Position it = open_.begin(); it != open_.end();) {
    const Position next = std::next(it);
    if (line - it->report().last_line > kStaleLines) Close(it);
    it = next;
  }
}

void ReportRouter::Close(Position report) {
  if (report->IsReport()) {
    OomReport done = std::move(*report).Finish();
    closed_rows_ += done.tasks.size();
    const auto after =
        std::upper_bound(closed_.begin(), closed_.end(), done.first_line,
                         [](std::size_t line, const OomReport& r) {
                           return line < r.first_line;
                         });
    closed_.insert(after, std::move(done));
  }
  open_.erase(report);
  HandOut(kMaxClosed);
}

void ReportRouter::HandOut(std::size_t keep) {
  while (!closed_.empty() &&
         (closed_.size() > keep || closed_rows_ > kMaxClosedRows)) {
    closed_rows_ -= closed_.front().tasks.size();
    sink_(std::move(closed_.front()));
    closed_.pop_front();
  }
}

bool ReportRouter::has_waiting() const {
  return std::any_of(open_.begin(), open_.end(), [](const OpenReport& report) {
    return report.IsReport() && !report.IsDone();
  });
}

void ReportRouter::CloseAll() {
  while (!open_.empty()) Close(std::prev(open_.end()));
}

void ReportRouter::Finish() {
  CloseAll();
  closed_rows_ = 0;
  HandOut(0);
}

}  // namespace oomlab::parser
