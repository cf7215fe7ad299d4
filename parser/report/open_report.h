// A report while its lines come in.
//
// Says which lines it could take next and takes them; which of several open
// reports a line belongs to is the router's decision.

#ifndef OOMLAB_PARSER_REPORT_OPEN_REPORT_H_
#define OOMLAB_PARSER_REPORT_OPEN_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parser/dialect/kernel_line.h"
#include "parser/report/line_kind.h"
#include "parser/report/oom_report.h"
#include "parser/report/task_table.h"

namespace oomlab::parser {

enum class Fit : std::uint8_t {
  kNo,
  kLate,     // Its turn is over, but it is missing: lines may be reordered.
  kInTurn,   // What may come next.
  kCertain,  // Named by pid or name.
};

class OpenReport {
 public:
  // `first` is the line that opens it; it is not taken yet.
  OpenReport(LineKind kind, const KernelLine& first);

  [[nodiscard]] Fit Fits(LineKind kind, const KernelLine& line) const;
  void Take(LineKind kind, const KernelLine& line);

  // A victim's "oom_reaper: reaped process" line. False when the process is no
  // victim of this report.
  bool TakeReaped(const KernelLine& line);
  // The same when the report is closed, since the line may come much later.
  static bool AddReaped(std::string_view text, OomReport& report);

  // Sets what follows from the whole: kind, outcome, missing, page size.
  [[nodiscard]] OomReport Finish() &&;

  // Whether there is anything that only an OOM report prints. Without it the
  // lines belong to another dump that shows the same memory block.
  [[nodiscard]] bool IsReport() const { return evidence_ && !foreign_; }
  // Whether the line that ends a report was taken.
  [[nodiscard]] bool IsDone() const;
  // memory.oom.group: further victims may come.
  [[nodiscard]] bool IsGroupKill() const {
    return report_.oom_group_memcg || repeated_victim_;
  }

  [[nodiscard]] LineKind stage() const { return stage_; }
  [[nodiscard]] std::string_view caller() const { return caller_; }
  [[nodiscard]] const OomReport& report() const { return report_; }
  void MarkSysrq(std::size_t first_line);
  // Another report's lines come in between, and nothing tells them apart.
  void MarkInterleaved(std::size_t line);
  // Lines were lost at this point.
  void MarkLost(std::size_t line, std::string_view what);
  void Warn(std::size_t line, std::string_view code, std::string_view message);

 private:
  [[nodiscard]] Fit FitsKill(const KernelLine& line) const;
  [[nodiscard]] Fit FitsCpu(const KernelLine& line) const;
  [[nodiscard]] bool HasAlready(LineKind kind, std::string_view text) const;
  [[nodiscard]] bool KnowsPid(std::int32_t pid) const;
  [[nodiscard]] bool IsPastTurn(LineKind kind) const;

  void TakeStack(LineKind kind, const KernelLine& line);
  void TakeMemcg(LineKind kind, const KernelLine& line);
  void TakeMemInfo(LineKind kind, const KernelLine& line);
  void TakeTable(LineKind kind, const KernelLine& line);
  void TakeOomKill(LineKind kind, const KernelLine& line);
  void TakeKill(LineKind kind, const KernelLine& line);
  void TakeKilled(const KernelLine& line);
  MemcgUsage& Memcg();
  MemInfo& Memory();

  OomReport report_;
  LineKind stage_ = LineKind::kOther;
  std::string caller_;
  bool foreign_ = false;  // Another dump: its lines are swallowed.
  bool evidence_ = false;
  bool has_header_ = false;
  bool has_cpu_line_ = false;
  bool in_trace_ = false;
  bool trace_names_oom_ = false;
  bool in_stats_ = false;
  bool zone_waits_ = false;  // For its lowmem_reserve[] line.
  bool sysrq_ = false;
  bool panicked_ = false;
  bool no_killable_ = false;
  bool ignored_ = false;          // sysrq: nobody eligible
  bool repeated_victim_ = false;  // Printed twice: a group kill.
  bool has_score_line_ = false;
  bool lost_rows_ = false;
  bool interleaved_ = false;
  bool is_cut_ = false;      // Lines in its midst are lost.
  std::string author_mark_;  // "★" behind lines, put there by who published it.
  std::optional<TaskTable> table_;
  std::optional<std::int32_t> lone_node_;
  std::string oom_kill_text_;
  std::string kill_message_;  // "Memory cgroup out of memory"
  std::optional<std::int32_t> score_pid_;
  std::optional<std::int64_t> last_timestamp_us_;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_OPEN_REPORT_H_
