#include "harness/agent/process_table.h"

#include <sys/wait.h>

#include <algorithm>
#include <utility>

#include "harness/capture/memory.h"
#include "harness/process/spawn.h"

namespace oomlab::harness {

void ProcessTable::AddFirst(const Workload& workload, int pid) {
  WorkloadEvent event;
  event.kind = WorkloadEvent::Kind::kProcess;
  event.pid = pid;
  event.role = "parent";
  Add(workload, event);
}

void ProcessTable::Take(const Workload& workload, const WorkloadEvent& event) {
  switch (event.kind) {
    case WorkloadEvent::Kind::kProcess:
      Add(workload, event);
      return;
    case WorkloadEvent::Kind::kDone: {
      const auto it = entries_.find(event.pid);
      if (it == entries_.end()) return;
      it->second.process.done = event.result;
      it->second.process.reached_bytes = event.bytes;
      writer_.Process(it->second.process);
      return;
    }
    case WorkloadEvent::Kind::kExited:
      SetExit(event.pid, event.exit_code, event.exit_signal);
      return;
    case WorkloadEvent::Kind::kReady:
    case WorkloadEvent::Kind::kError:
      return;
  }
}

void ProcessTable::Add(const Workload& workload, const WorkloadEvent& event) {
  Entry& entry = entries_[event.pid];
  ProcessObservation& process = entry.process;
  process.workload = workload.name;
  process.role = event.role;
  process.index = event.index;
  process.pid = event.pid;
  process.cgroup = workload.cgroup;
  process.oom_score_adj = workload.oom_score_adj;
  process.active = event.active;
  process.comm = ReadComm(event.pid).value_or(process.comm);
  writer_.Process(process);
  if (!process.Alive()) return;
  if (const auto early = early_exits_.find(event.pid);
      early != early_exits_.end())
    return SetExit(event.pid, early->second.code, early->second.signal);
  Watch(entry);
}

void ProcessTable::Watch(Entry& entry) {
  Result<ScopedFd> pidfd = OpenPidfd(entry.process.pid);
  if (!pidfd) {
    // It is gone already: its status waits for us, or its parent tells.
    Reap();
    return;
  }
  entry.pidfd = std::make_unique<boost::asio::posix::stream_descriptor>(
      loop_, pidfd->Release());
  entry.pidfd->async_wait(boost::asio::posix::descriptor_base::wait_read,
                          [this](const boost::system::error_code& error) {
                            if (!error) Reap();
                          });
}

void ProcessTable::Reap() {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0)
      return;
    if (info.si_code == CLD_EXITED)
      SetExit(info.si_pid, info.si_status, std::nullopt);
    else
      SetExit(info.si_pid, std::nullopt, info.si_status);
  }
}

void ProcessTable::SetExit(int pid, std::optional<int> code,
                           std::optional<int> signal) {
  const auto it = entries_.find(pid);
  if (it == entries_.end()) {
    early_exits_.try_emplace(pid, Exit{code, signal});
    return;
  }
  if (!it->second.process.Alive()) return;
  ProcessObservation& process = it->second.process;
  process.exit_code = code;
  process.exit_signal = signal;
  process.exit_ns = MonotonicNs();
  writer_.Process(process);
}

void ProcessTable::RefreshComms() {
  for (auto& [pid, entry] : entries_) {
    if (!entry.process.Alive()) continue;
    const Result<std::string> comm = ReadComm(pid);
    if (!comm || *comm == entry.process.comm) continue;
    entry.process.comm = *comm;
    writer_.Process(entry.process);
  }
}

bool ProcessTable::AllActiveEnded() const {
  return std::all_of(entries_.begin(), entries_.end(), [](const auto& item) {
    const ProcessObservation& process = item.second.process;
    return !process.active || process.done || !process.Alive();
  });
}

bool ProcessTable::Ended(int pid) const {
  const auto it = entries_.find(pid);
  return it == entries_.end() || !it->second.process.Alive();
}

std::vector<int> ProcessTable::LivePids() const {
  std::vector<int> pids;
  for (const auto& [pid, entry] : entries_)
    if (entry.process.Alive()) pids.push_back(pid);
  return pids;
}

}  // namespace oomlab::harness
