// The command line of oomlab-load (//workloads) for a workload.
//
//   {"prefork", "--control", "--image=20971520", "--workers=5",
//    "--grow=parent", "--grow-bytes=83886080", "--worker-private=0",
//    "--comm=prefork", "--worker-comm=child"}

#ifndef OOMLAB_HARNESS_SCENARIO_WORKLOAD_ARGUMENTS_H_
#define OOMLAB_HARNESS_SCENARIO_WORKLOAD_ARGUMENTS_H_

#include <string>
#include <vector>

#include "harness/scenario/scenario.h"

namespace oomlab::harness {

// Without the program's own name. Sizes are bytes. A comm that the scenario
// does not set is left to the program.
[[nodiscard]] std::vector<std::string> WorkloadArguments(
    const Workload& workload);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_WORKLOAD_ARGUMENTS_H_
