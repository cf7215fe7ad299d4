// Names of processes in expectations.
//
//   "server/parent"     the first process of workload "server"
//   "server/worker"     any of its workers
//   "server/worker/3"   its fourth worker

#ifndef OOMLAB_HARNESS_SCENARIO_PROCESS_PATTERN_H_
#define OOMLAB_HARNESS_SCENARIO_PROCESS_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>

namespace oomlab::harness {

struct ProcessName {
  std::string workload;
  std::string role;               // "parent" or "worker"
  std::optional<unsigned> index;  // Absent: any of the role.

  [[nodiscard]] bool Matches(std::string_view other_workload,
                             std::string_view other_role,
                             unsigned other_index) const {
    return workload == other_workload && role == other_role &&
           index.value_or(other_index) == other_index;
  }
};

// nullopt for a text of another form. A parent's index is absent.
[[nodiscard]] std::optional<ProcessName> ParseProcessName(
    std::string_view text);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_PROCESS_PATTERN_H_
