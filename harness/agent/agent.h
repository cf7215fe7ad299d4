// The agent runs one scenario where it is: in a guest as init, later on a host.
//
//   1. sandbox   sysctls, cgroups, kernel log from a begin mark
//   2. ready     workloads start in order, each stands at its size before the
//                next one starts; then memory is read process by process
//   3. go        every active process works towards its task
//   4. settled   all active processes are done or dead, and the kernel's kill
//                counter, its log and the wait statuses have caught up
//   5. end       counters, kernel log up to an end mark
//
// Each step waits on a condition; the one who started the agent sets the
// deadline of the whole. All that is seen goes out as messages at once, so that
// a run which is cut off still shows how far it came.

#ifndef OOMLAB_HARNESS_AGENT_AGENT_H_
#define OOMLAB_HARNESS_AGENT_AGENT_H_

#include <string>

#include "harness/agent/message.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

struct AgentOptions {
  std::string load_program;   // Path of oomlab-load.
  std::string cgroup_parent;  // "" in a guest.
};

// This machine, as the first message tells it.
[[nodiscard]] GuestInfo DescribeGuest();

// Runs the scenario and sends everything but "hello" and "end". What goes wrong
// is a message too. Workload processes that still live are left alone: in a
// guest the power goes off next.
void RunScenario(const Scenario& scenario, const AgentOptions& options,
                 MessageWriter& writer);

// Makes this process the last one that the OOM killer would take, and locks its
// memory so that it needs none while the machine has none.
[[nodiscard]] Result<> ProtectSelf();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_AGENT_H_
