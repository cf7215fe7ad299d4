// How a process of a workload begins: its name and its first event.

#ifndef OOMLAB_WORKLOADS_PROCESS_H_
#define OOMLAB_WORKLOADS_PROCESS_H_

#include <cstdint>

#include "workloads/control.h"
#include "workloads/options.h"

namespace oomlab::workloads {

// Takes the name of --comm or --worker-comm, settles (memory.h) and says
// "process ...". Called in each process before it touches its memory.
void Enter(const Options& options, Role role, std::uint64_t index, bool active);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_PROCESS_H_
