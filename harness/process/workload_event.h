// One line that a workload says on its descriptor 3 (workloads/PROTOCOL.md):
//
//   process role=worker index=3 pid=117 active=0
//   ready pid=114
//   done pid=114 result=reached bytes=83886080
//   exited pid=117 signal=9
//   error cannot map 1099511627776 bytes: Cannot allocate memory

#ifndef OOMLAB_HARNESS_PROCESS_WORKLOAD_EVENT_H_
#define OOMLAB_HARNESS_PROCESS_WORKLOAD_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::harness {

struct WorkloadEvent {
  enum class Kind { kProcess, kReady, kDone, kExited, kError };
  Kind kind = Kind::kError;
  int pid = 0;
  std::string role;  // kProcess
  int index = 0;
  bool active = false;
  std::string result;  // kDone: "reached", "enomem"
  std::uint64_t bytes = 0;
  std::optional<int> exit_code;  // kExited: one of the two
  std::optional<int> exit_signal;
  std::string message;  // kError
};

// `line` without its newline. Unknown keys are passed over; an unknown event or
// a missing key is kMalformed.
[[nodiscard]] Result<WorkloadEvent> ParseWorkloadEvent(std::string_view line);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_PROCESS_WORKLOAD_EVENT_H_
