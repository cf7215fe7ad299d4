// The lines that name the invoker: the process whose allocation failed.
//
//   prefork invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|
//     __GFP_ZERO|__GFP_COMP), order=0, oom_score_adj=0     (one line in the
//     log)
//   prefork cpuset=/ mems_allowed=0                                 up to 4.20
//   CPU: 0 UID: 0 PID: 102 Comm: prefork Not tainted 7.2.12 #1 PREEMPT(lazy)
//   Pid: 6607, comm: ruby Tainted: G    ---- H  2.6.32-431.el6.x86_64 #1
//
// Each takes what it recognises and leaves alone what the line does not hold.
// `unterminated`: the input ends in the line, so a number at its very end may
// lack digits and is not taken.

#ifndef OOMLAB_PARSER_REPORT_HEADER_LINE_H_
#define OOMLAB_PARSER_REPORT_HEADER_LINE_H_

#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

void ParseHeaderLine(std::string_view text, bool unterminated,
                     OomReport& report);

// False when the line is another process's.
[[nodiscard]] bool ParseCpusetLine(std::string_view text, bool unterminated,
                                   OomReport& report);

// The name and pid of a CPU: or Pid: line.
struct CpuLine {
  std::optional<std::int32_t> cpu, pid;
  std::optional<std::uint32_t> uid;
  std::string_view comm;
  std::optional<std::string> release, tainted;
};
// `comm`: the name that the header gave, or empty when there was none; it may
// hold what looks like the line's next word.
[[nodiscard]] CpuLine ParseCpuLine(std::string_view text, bool unterminated,
                                   std::string_view comm);

// " ? dump_stack+0x6b/0x83" -> "? dump_stack+0x6b/0x83"; empty: no frame.
[[nodiscard]] std::string_view TraceFrame(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_HEADER_LINE_H_
