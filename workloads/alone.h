// Running without --control: this process takes the place of the one that would
// have started the workload.

#ifndef OOMLAB_WORKLOADS_ALONE_H_
#define OOMLAB_WORKLOADS_ALONE_H_

#include <cstdint>

namespace oomlab::workloads {

// Returns in a child, which is to become the first process of the workload,
// with descriptors 3 and 4 in place. The calling process prints every event on
// stdout, gives the start signal when the workload is ready, and ends with it:
// after `timeout_s` seconds (0: none), on SIGINT, SIGTERM or SIGHUP, or when
// all its processes have ended. None of them outlives it.
void LeaveSupervisor(std::uint64_t timeout_s);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_ALONE_H_
