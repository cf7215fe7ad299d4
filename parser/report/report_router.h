// Lines of kernel text -> reports: keeps the reports that are open and gives
// each line to the one it belongs to.
//
// Two reports may be printed at the same time, and other dumps with the same
// blocks (page allocation failures, sysrq-m) in between. A line goes to the
// report of its printk caller id where the log has one; else to one that names
// its process; else to the one for which it comes next.

#ifndef OOMLAB_PARSER_REPORT_REPORT_ROUTER_H_
#define OOMLAB_PARSER_REPORT_REPORT_ROUTER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string_view>

#include "parser/dialect/kernel_line.h"
#include "parser/report/line_kind.h"
#include "parser/report/oom_report.h"
#include "parser/report/open_report.h"

namespace oomlab::parser {

class ReportRouter {
 public:
  using Sink = std::function<void(OomReport&&)>;

  explicit ReportRouter(Sink sink) : sink_(std::move(sink)) {}

  void Add(const KernelLine& line);

  // Ends every open report: nothing more of them will come.
  void CloseAll();
  // Hands out everything.
  void Finish();

  // Physical line of the latest line that belonged to a report.
  [[nodiscard]] std::size_t last_used_line() const { return last_used_line_; }
  // Whether a report has not come to its end.
  [[nodiscard]] bool has_waiting() const;

 private:
  using Position = std::list<OpenReport>::iterator;

  [[nodiscard]] std::optional<Position> Choose(LineKind kind,
                                               const KernelLine& line);
  Position Open(LineKind kind, const KernelLine& line);
  void CloseDone(const KernelLine& line);
  void CloseStale(std::size_t line);
  void Close(Position report);
  void MarkLost(std::size_t line, std::string_view what);
  void TakeReaped(const KernelLine& line);
  void HandOut(std::size_t keep);

  Sink sink_;
  std::list<OpenReport> open_;  // The one that took the last line is in front.
  std::deque<OomReport> closed_;  // By first line; may yet be reaped.
  std::size_t closed_rows_ = 0;
  std::optional<KernelLine> sysrq_;  // Without its text.
  std::size_t last_used_line_ = 0;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_REPORT_ROUTER_H_
