// Every process of the run's workloads: what is known of each, kept current
// from what workloads say and from their wait statuses, and reported on each
// change.
//
// Each process is held by a pidfd from the moment it is heard of, so its end is
// an event of the loop and its number cannot be mistaken for a later process's.
// Wait statuses come from waitid(2) for our own children and for orphans that
// the kernel gave us (the agent is init or a child subreaper), and from the
// workload's own word ("exited ...") for its children.

#ifndef OOMLAB_HARNESS_AGENT_PROCESS_TABLE_H_
#define OOMLAB_HARNESS_AGENT_PROCESS_TABLE_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "harness/agent/message.h"
#include "harness/process/workload_event.h"
#include "harness/record/observation.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

class ProcessTable {
 public:
  // Both are borrowed.
  ProcessTable(boost::asio::io_context& loop, MessageWriter& writer)
      : loop_(loop), writer_(writer) {}

  // The process that was started for a workload: known before it says a word.
  void AddFirst(const Workload& workload, int pid);

  // Takes a process, done or exited event of `workload`.
  void Take(const Workload& workload, const WorkloadEvent& event);

  // Collects every wait status that is there.
  void Reap();

  // Reads /proc/PID/comm of all that live.
  void RefreshComms();

  // Every active process of started workloads is done or has ended.
  [[nodiscard]] bool AllActiveEnded() const;

  // Ended, or never known here.
  [[nodiscard]] bool Ended(int pid) const;

  [[nodiscard]] std::vector<int> LivePids() const;

 private:
  struct Entry {
    ProcessObservation process;
    std::unique_ptr<boost::asio::posix::stream_descriptor> pidfd;
  };

  void Add(const Workload& workload, const WorkloadEvent& event);
  void SetExit(int pid, std::optional<int> code, std::optional<int> signal);
  void Watch(Entry& entry);

  boost::asio::io_context& loop_;
  MessageWriter& writer_;
  std::map<int, Entry> entries_;  // By pid.
  // Ends of processes that have not been heard of yet: several may end before
  // the lines that they wrote are read.
  struct Exit {
    std::optional<int> code, signal;
  };
  std::map<int, Exit> early_exits_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_PROCESS_TABLE_H_
