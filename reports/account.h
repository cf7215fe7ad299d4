// The account of an OOM event in words: who was killed, why that one, and
// whether the numbers add up.

#ifndef OOMLAB_REPORTS_ACCOUNT_H_
#define OOMLAB_REPORTS_ACCOUNT_H_

#include <string>

#include "harness/record/observation.h"
#include "parser/report/oom_report.h"

namespace oomlab::reports {

// Lines such as
//
//   killed      server/parent: prefork (pid 135), 65,184 KiB resident (64,640
//               anonymous, 0 file, 544 shmem), 160 KiB page tables
//   why         cgroup /app reached its limit (CONSTRAINT_MEMCG): 65,536 KiB of
//               65,536 KiB charged
//   invoked by  prefork (pid 135) asking for GFP_KERNEL, order 0
//   runner-up   server/worker/0: child (pid 137), 20,784 KiB resident
//
// Names of the scenario come from `observation`, all else from the report; what
// the report does not say is left out. Escaped.
[[nodiscard]] std::string DescribeKill(const parser::OomReport& report,
                                       const harness::Observation& observation);

// The copy-on-write over-count as a table:
//
//                                     ready     at the OOM
//   processes                             6              6
//   RSS, added up               126,420 KiB    169,104 KiB
//   PSS, added up                21,610 KiB              -
//   charged to cgroup /app       21,904 KiB     65,536 KiB
//   RSS / charged                      5.77           2.58
//
// and a line on what it means. "ready" comes from the snapshot before the
// start signal, "at the OOM" from the report. Empty if neither has anything.
[[nodiscard]] std::string DescribeSums(const parser::OomReport& report,
                                       const harness::Observation& observation);

}  // namespace oomlab::reports

#endif  // OOMLAB_REPORTS_ACCOUNT_H_
