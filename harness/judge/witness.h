// The three witnesses of an OOM kill, and whether they tell the same story:
//
//   wait status   processes that ended by SIGKILL
//   counters      oom_kill of /proc/vmstat and of each memory.events
//   kernel log    victims of the parsed reports
//
// A SIGKILL that the other two do not know is not an OOM kill.
//
// The kernel counts and prints a kill in one place (__oom_kill_process(),
// mm/oom_kill.c). With memory.oom.group the first victim passes it twice, once
// as the victim and once as a member of the group, so the count is one higher
// than the number of processes; it passes once if it is gone by then.

#ifndef OOMLAB_HARNESS_JUDGE_WITNESS_H_
#define OOMLAB_HARNESS_JUDGE_WITNESS_H_

#include <optional>
#include <string>
#include <vector>

#include "harness/record/observation.h"
#include "parser/report/oom_report.h"

namespace oomlab::harness {

// nullopt: they agree. Else what each of them says, ready for a reader.
[[nodiscard]] std::optional<std::string> WitnessConflict(
    const Observation& observation,
    const std::vector<parser::OomReport>& reports);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_JUDGE_WITNESS_H_
