// The judge: what a run observed, held against what its scenario expects.
//
//   Judge(scenario, parser::ParseLog(record.observation.kernel_log), record);
//   record.verdict    kPass
//   record.findings   {{.holds = true, .expectation = "victims",
//                       .expected = "server/parent",
//                       .found = "server/parent (pid 135)", .log_lines = ...}}
//
// In this order:
//   1. What the infrastructure found broken stays broken. A guest panic is not
//      broken where the scenario expects "panic".
//   2. An agent that did not finish or met an error, and a kernel log with a
//      gap, are broken.
//   3. What the kernel lacks makes the run unsupported.
//   4. The three witnesses must agree (witness.h), or the run is broken.
//   5. Each expectation becomes a finding; all must hold to pass. One that
//      cannot be decided does not hold.

#ifndef OOMLAB_HARNESS_JUDGE_JUDGE_H_
#define OOMLAB_HARNESS_JUDGE_JUDGE_H_

#include <vector>

#include "harness/record/run_record.h"
#include "harness/scenario/scenario.h"
#include "parser/report/oom_report.h"

namespace oomlab::harness {

// Sets verdict, broken and findings of `record`. `reports` are those of
// record.observation.kernel_log, whose lines they count. Pure; may be called
// again on a judged record.
void Judge(const Scenario& scenario,
           const std::vector<parser::OomReport>& reports, RunRecord& record);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_JUDGE_JUDGE_H_
