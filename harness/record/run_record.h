// RunRecord: everything one run observed; the only thing that is stored. Enough
// to judge again and to render every report again.
//
// On disk (schema oomlab.record/1, one directory a run):
//   record.json   this struct
//   kernel.log    the kernel's log as raw /dev/kmsg records
//   console.log   the guest's first serial port, where panics are read
//   scenario.json the scenario as run, byte for byte
//
// status is "running" from the moment the directory exists, and "complete" only
// when all is written; a reader that finds "running" has a run that was cut
// off.

#ifndef OOMLAB_HARNESS_RECORD_RUN_RECORD_H_
#define OOMLAB_HARNESS_RECORD_RUN_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/observation.h"

namespace oomlab::harness {

enum class Verdict { kPass, kFail, kBroken, kUnsupported };

// Exit status of the command: 0 pass, 1 fail, 3 broken, 4 unsupported.
[[nodiscard]] int ExitStatus(Verdict verdict);
[[nodiscard]] const char* VerdictName(Verdict verdict);

// Why a run is broken: the infrastructure, not the kernel's choice.
enum class BrokenCause {
  kBootFailed,     // No word of the agent: console silent, or QEMU left.
  kGuestPanic,     // The kernel panicked and the scenario does not expect it.
  kQemuDied,       // QEMU ended before the agent was through.
  kDeadline,       // The scenario did not come to its end in time.
  kChannel,        // Messages of the agent were lost or damaged.
  kAgent,          // The agent could not do its part.
  kKernelLogLost,  // The kernel overwrote records before they were read.
  kWitness,        // The witnesses contradict each other.
  kHost,           // This machine: disk full, QEMU missing, ...
};
[[nodiscard]] const char* BrokenCauseName(BrokenCause cause);

struct Broken {
  BrokenCause cause = BrokenCause::kHost;
  std::string message;
};

// One checked statement of the scenario.
struct Finding {
  bool holds = false;
  std::string expectation;  // "victims", "outcome", ...
  std::string expected;
  std::string found;
  std::vector<std::string> log_lines;  // Of the kernel log, that show it.
};

// The environment, first in the file.
struct RunContext {
  std::string oomlab_version;
  std::string started_at;  // RFC 3339, UTC.
  std::string host_kernel, host_cpu;
  unsigned host_cpus = 0;
  std::string backend = "vm";
  std::string kernel_name, kernel_path, kernel_release, kernel_package_version;
  std::string kernel_sha256;
  std::string qemu_version, machine_type;
  std::vector<std::string> qemu_command;
  std::string accel, accel_reason;  // "tcg", "kvm: no guest booted in 10 s"
  std::string replay_command;
};

// What the host measured.
struct RunTimes {
  double boot_s = 0;  // QEMU started -> first word of the agent.
  double run_s = 0;   // First word -> last word.
  double total_s = 0;
};

struct RunRecord {
  std::string status = "running";  // "running", "complete"
  RunContext context;
  std::string scenario_name, scenario_path, scenario_sha256;
  std::string scenario_text;  // The file; stored as scenario.json.
  RunTimes times;
  Observation observation;
  std::optional<std::string> console_panic;  // First panic line of the console.
  std::optional<Broken> broken;
  std::optional<Verdict> verdict;
  std::vector<Finding> findings;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_RUN_RECORD_H_
