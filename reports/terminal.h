// A run as text for people.
//
//   prefork-memcg on 6.12.95+deb12-cloud-amd64
//
//     killed      server/parent: prefork (pid 135), 65,184 KiB resident ...
//     why         cgroup /app reached its limit (CONSTRAINT_MEMCG): ...
//     ...
//     ok    outcome     killed
//     ok    victims     server/parent (pid 135)
//     FAIL  survivors   expected 4 of server/worker, found 5 of server/worker
//
//   FAIL prefork-memcg on 6.12.95+deb12-cloud-amd64 (tcg, 3.1 s): survivors
//
// A failed expectation shows the lines of the log and the command that replays
// the run; a broken run shows its cause and where the evidence lies. The last
// line begins with PASS, FAIL, BROKEN or UNSUPPORTED.

#ifndef OOMLAB_REPORTS_TERMINAL_H_
#define OOMLAB_REPORTS_TERMINAL_H_

#include <string>
#include <vector>

#include "harness/record/run_record.h"
#include "parser/report/oom_report.h"

namespace oomlab::reports {

struct TerminalStyle {
  bool colors = false;  // ANSI escapes; nothing else ever emits one.
};

// `reports` are those of record.observation.kernel_log. All text of the log, of
// processes and of files is escaped (escape.h).
[[nodiscard]] std::string RenderRun(
    const harness::RunRecord& record,
    const std::vector<parser::OomReport>& reports, const TerminalStyle& style);

// The last line alone, plain and without a newline. A record without a verdict
// counts as broken.
[[nodiscard]] std::string VerdictLine(const harness::RunRecord& record);

}  // namespace oomlab::reports

#endif  // OOMLAB_REPORTS_TERMINAL_H_
