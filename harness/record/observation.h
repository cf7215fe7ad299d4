// Observation: what the agent saw while a scenario ran, before anyone judges.
//
// The agent sends it as messages (harness/agent/message.h); the record keeps
// it. Times are the guest's monotonic clock in nanoseconds.

#ifndef OOMLAB_HARNESS_RECORD_OBSERVATION_H_
#define OOMLAB_HARNESS_RECORD_OBSERVATION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace oomlab::harness {

// The machine that ran out of memory, in its own words.
struct GuestInfo {
  std::string release;  // uname -r
  std::string version;  // uname -v
  std::string boot_cmdline;
  unsigned cgroup_version = 0;  // 2 or 1.
  unsigned cpus = 0;
  std::uint64_t page_size_bytes = 0;
  std::uint64_t mem_total_kib = 0;      // MemTotal of /proc/meminfo.
  std::uint64_t mem_available_kib = 0;  // Before anything was started.
};

// One process of a workload.
struct ProcessObservation {
  std::string workload;  // "server"
  std::string role;      // "parent" or "worker"
  int index = 0;         // Of its role: 0, 1, ...
  int pid = 0;
  std::string comm;
  std::string cgroup;  // As in the scenario: "/app".
  int oom_score_adj = 0;
  bool active = false;  // Has something to do after the start signal.
  // Active and came to the end of its task ("reached", "enomem").
  std::optional<std::string> done;
  std::optional<std::uint64_t> reached_bytes;
  // How it ended before the run was over; none of both: alive at the end.
  std::optional<int> exit_code;
  std::optional<int> exit_signal;
  std::optional<std::int64_t> exit_ns;

  // "server/parent", "server/worker/3".
  [[nodiscard]] std::string Id() const {
    return workload + "/" + role +
           (role == "parent" ? "" : "/" + std::to_string(index));
  }
  [[nodiscard]] bool Alive() const { return !exit_code && !exit_signal; }
};

// Counters of the kernel, read before the first workload and after the last.
struct Counters {
  std::map<std::string, std::int64_t> vmstat;
  // cgroup -> memory.events (v1: memory.oom_control) name -> value
  std::map<std::string, std::map<std::string, std::int64_t>> cgroup_events;
};

// Memory at one moment.
struct Sample {
  std::int64_t t_ns = 0;
  std::map<std::string, std::int64_t> cgroup_charge_bytes;  // memory.current
  std::int64_t mem_free_kib = 0;
  std::int64_t mem_available_kib = 0;
  std::int64_t anon_kib = 0;   // AnonPages
  std::int64_t shmem_kib = 0;  // Shmem
};

// smaps_rollup of one process: what it maps (rss) and its share of it (pss).
struct ProcessMemory {
  int pid = 0;
  std::int64_t rss_kib = 0;
  std::int64_t pss_kib = 0;
  std::int64_t shared_kib = 0;   // Shared_Clean + Shared_Dirty
  std::int64_t private_kib = 0;  // Private_Clean + Private_Dirty
  std::int64_t anon_kib = 0;
  std::int64_t swap_kib = 0;
};

// Every process of every workload at one phase.
struct MemorySnapshot {
  std::string phase;
  std::int64_t t_ns = 0;
  std::vector<ProcessMemory> processes;
  std::map<std::string, std::int64_t> cgroup_charge_bytes;
};

struct Phase {
  // "sandbox", "ready", "go", "settled", "end"; "unsettled" before "settled"
  // where log, counters and exits did not agree in time.
  std::string name;
  std::int64_t t_ns = 0;
};

struct Observation {
  std::optional<GuestInfo> guest;
  std::vector<Phase> phases;
  std::vector<ProcessObservation> processes;
  std::optional<Counters> before, after;
  std::vector<Sample> samples;
  std::vector<MemorySnapshot> snapshots;
  // Raw /dev/kmsg records from the begin mark to the end mark, one a line.
  std::string kernel_log;
  // Records that the kernel overwrote before they were read.
  std::int64_t kernel_log_lost = 0;
  // What the agent could not do, in its words; any makes the run broken.
  std::vector<std::string> agent_errors;
  // A need of the scenario that this kernel lacks; makes the run unsupported.
  std::vector<std::string> unsupported;
  bool finished = false;  // The agent said that it was through.
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_OBSERVATION_H_
