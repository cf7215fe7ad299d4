// Starts a program inside its cgroup: it is a member before its first
// instruction, so not one page of it is charged elsewhere.
//
// Boost.Process v2 forks and executes; between the two the child joins the
// cgroup, takes its oom_score_adj and gets its pipes. A step that fails there
// makes Spawn fail with that errno.

#ifndef OOMLAB_HARNESS_PROCESS_SPAWN_H_
#define OOMLAB_HARNESS_PROCESS_SPAWN_H_

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace oomlab::harness {

struct SpawnOptions {
  std::string program;
  std::vector<std::string> arguments;  // Without the program's name.
  int cgroup_procs_fd = -1;            // -1: stays where the caller is.
  int oom_score_adj = 0;
};

// A started workload and the two pipes of workloads/PROTOCOL.md.
struct Spawned {
  int pid = 0;
  ScopedFd events;  // Read end of its descriptor 3, non-blocking.
  ScopedFd start;   // Write end of its descriptor 4: closing it is the signal.
};

// The child's status is left for the caller to collect. Errors: kSystem.
[[nodiscard]] Result<Spawned> Spawn(const SpawnOptions& options);

// pidfd_open(2). Errors: kSystem (ESRCH when the process is gone).
[[nodiscard]] Result<ScopedFd> OpenPidfd(int pid);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_PROCESS_SPAWN_H_
