// Scenario: what shall run out of memory, how, and what the kernel shall do.
//
// The values of a validated oomlab.scenario/1 file (see schema.h for the file's
// form). Sizes are bytes. Nothing in here refers to the machine it runs on.

#ifndef OOMLAB_HARNESS_SCENARIO_SCENARIO_H_
#define OOMLAB_HARNESS_SCENARIO_SCENARIO_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace oomlab::harness {

// The guest of the VM backend.
struct Machine {
  enum class Type { kMicrovm, kQ35 };
  Type type = Type::kMicrovm;
  std::uint64_t memory_bytes = 192ull << 20;
  unsigned cpus = 1;
};

// A cgroup v2 group; its ancestors are created too.
struct CgroupSpec {
  std::string path;                             // "/app/workers", below ours.
  std::map<std::string, std::string> controls;  // "memory.max" -> "67108864"
};

// A prefork server: a parent fills an image, forks workers that share it
// copy-on-write, and after the start signal one of them grows.
struct PreforkOptions {
  enum class Grow { kNone, kParent, kWorker };
  std::uint64_t image_bytes = 0;
  unsigned workers = 1;
  Grow grow = Grow::kNone;
  std::uint64_t grow_bytes = 0;  // On top of the image.
  std::uint64_t worker_private_bytes = 0;
  std::optional<std::string> worker_comm;
};

// stress-style: `workers` processes of `bytes` each, touched page by page after
// the start signal.
struct AllocOptions {
  enum class Mode { kKeep, kCycle };
  unsigned workers = 1;
  std::uint64_t bytes = 0;
  Mode mode = Mode::kKeep;
  unsigned cycles = 0;  // kCycle: how often memory is freed and taken again.
  std::optional<std::string> worker_comm;
};

struct Workload {
  std::string
      name;  // Unique; processes are "<name>/parent", "<name>/worker/3".
  std::string cgroup = "/";
  std::optional<std::string> comm;
  int oom_score_adj = 0;
  std::variant<PreforkOptions, AllocOptions> options;
};

// Processes of a run: "server/parent", "server/worker" (any of them),
// "server/worker/3". `count` absent: for survivors all of them, for victims
// exactly one.
struct ProcessPattern {
  std::string process;
  std::optional<unsigned> count;
};

// What must hold. Absent: not asked.
struct Expectations {
  // "killed", "group_killed", "panic", "no_killable_process" or "none".
  std::optional<std::string> outcome;
  std::optional<std::string> constraint;  // "CONSTRAINT_MEMCG", ...
  std::optional<std::vector<ProcessPattern>> victims;    // These, no others.
  std::optional<std::vector<ProcessPattern>> survivors;  // Alive at the end.
  std::optional<bool> task_table;
};

struct Scenario {
  std::string name;
  std::string description;
  Machine machine;
  std::map<std::string, std::string> sysctls;  // "vm.oom_dump_tasks" -> "0"
  std::vector<CgroupSpec> cgroups;
  std::vector<Workload> workloads;
  Expectations expect;
  // From the guest's first word to the end, on a VM at the speed of bare metal;
  // slower VMs get more in proportion, and 10 s are given at least.
  double deadline_s = 30;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_SCENARIO_H_
