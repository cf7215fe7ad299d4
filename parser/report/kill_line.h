// Lines about a process that is killed, in every era's words:
//
//   Out of memory: Killed process 102 (prefork) total-vm:120092kB,
//     anon-rss:118592kB, file-rss:4kB, shmem-rss:648kB, UID:0 pgtables:268kB
//     oom_score_adj:0                                      (one line in the
//     log)
//   Killed process 6608, UID 500, (top) total-vm:15028kB, ...             RHEL
//   6 Killed process 902 (mysqld), UID 27, total-vm:... RHEL 7 Out of memory:
//   Kill process 9772 (ruby) score 940 or sacrifice child oom_reaper: reaped
//   process 102 (prefork), now anon-rss:0kB, ...
//
// A process chooses its name and may imitate what follows it, so the name ends
// at the last place where it can.

#ifndef OOMLAB_PARSER_REPORT_KILL_LINE_H_
#define OOMLAB_PARSER_REPORT_KILL_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

struct KillLine {
  Victim victim;          // `line` is not set.
  std::string message;    // "Memory cgroup out of memory", or empty.
  bool name_cut = false;  // The line ends inside the name.
};
[[nodiscard]] std::optional<KillLine> ParseKilledLine(std::string_view text);

// "Kill process N (...) score N or ...", "kill process ... or a child".
struct ScoreLine {
  std::int32_t pid = 0;
  std::string comm;
  std::string message;
  std::optional<std::int32_t> score;
};
[[nodiscard]] std::optional<ScoreLine> ParseScoreLine(std::string_view text);

// "Kill process N (...) sharing same memory"
[[nodiscard]] std::optional<Victim> ParseSharingLine(std::string_view text);

struct ReapedLine {
  std::int32_t pid = 0;
  std::string comm;
  ReapedSizes sizes;
};
[[nodiscard]] std::optional<ReapedLine> ParseReapedLine(std::string_view text);

// The cgroup of "Tasks in /t/a are going to be killed due to ...".
[[nodiscard]] std::optional<std::string> ParseGroupLine(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_KILL_LINE_H_
