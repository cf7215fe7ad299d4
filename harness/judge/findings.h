// Holds each expectation of a scenario against a run whose witnesses agree.

#ifndef OOMLAB_HARNESS_JUDGE_FINDINGS_H_
#define OOMLAB_HARNESS_JUDGE_FINDINGS_H_

#include <vector>

#include "harness/record/run_record.h"
#include "harness/scenario/scenario.h"
#include "parser/report/oom_report.h"

namespace oomlab::harness {

// One finding for each statement of scenario.expect, in the order of the
// manual.
[[nodiscard]] std::vector<Finding> FindFindings(
    const Scenario& scenario, const std::vector<parser::OomReport>& reports,
    const RunRecord& record);

// Whether a panic line of the console is the OOM killer's:
//   Kernel panic - not syncing: Out of memory: system-wide panic_on_oom ...
//   Kernel panic - not syncing: System is deadlocked on memory
[[nodiscard]] bool IsOomPanic(const std::string& panic_line);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_JUDGE_FINDINGS_H_
