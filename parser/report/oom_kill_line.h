// The summary line of kernels from 5.0 on (dump_oom_summary()):
//
//   oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,
//     mems_allowed=0,oom_memcg=/t,task_memcg=/t/a,task=prefork,pid=102,uid=0
//                                                          (one line in the
//                                                          log)
//
// Cgroup paths and the process name may hold commas, equals signs and the
// line's own keys, so it is read from both ends.

#ifndef OOMLAB_PARSER_REPORT_OOM_KILL_LINE_H_
#define OOMLAB_PARSER_REPORT_OOM_KILL_LINE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

struct OomKillLine {
  std::string_view constraint, nodemask;
  std::optional<std::string_view> cpuset, mems_allowed;
  std::optional<std::string_view> oom_memcg;
  bool global_oom = false;
  std::optional<std::string_view> task_memcg;
  std::optional<std::string_view> task;
  std::optional<std::int32_t> pid;
  std::optional<std::uint32_t> uid;
};

// `tasks` names the process where several readings are possible. A line that
// ends early (`unterminated`, or cut at the kernel's record limit) loses the
// field that it ends in.
[[nodiscard]] OomKillLine ParseOomKillLine(std::string_view text,
                                           bool unterminated,
                                           const std::vector<TaskRow>& tasks);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_OOM_KILL_LINE_H_
