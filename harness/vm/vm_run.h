// Runs one guest in QEMU from start to exit and tells how it ended.
//
//   VmOutcome out = RunVm(config, deadlines, [&](const nlohmann::json& m) {
//     ...  // each message of the agent, in this thread, as it arrives
//   });
//   if (out.end != VmEnd::kFinished) Print(out.message);
//     "the guest panicked: Kernel panic - not syncing: Attempted to kill init!"
//
// Blocks until QEMU is gone. Several threads may each run a guest. QEMU never
// outlives the harness: the kernel kills it when the calling thread ends, even
// by SIGKILL. It runs in a process group of its own, so that ^C at the terminal
// reaches the harness only, which then cancels by `stop`.
//
// What the agent (the guest's /init) must do:
//  - Open /dev/ttyS1, set it raw (cfmakeraw), write messages as channel.h says;
//    the first one early, since it ends the wait for the boot.
//  - After its "end" message: tcdrain() the port, then reboot(RB_AUTOBOOT). The
//    kernel's command line holds reboot=t: the kernel reboots by a triple fault
//    and QEMU, started with -no-reboot, exits with status 0. RB_POWER_OFF needs
//    ACPI, which a kernel may lack, and then leaves QEMU running.
//  - Nothing to handle panics: panic=-1 takes the same way out.

#ifndef OOMLAB_HARNESS_VM_VM_RUN_H_
#define OOMLAB_HARNESS_VM_VM_RUN_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "harness/vm/channel.h"
#include "harness/vm/qemu_command.h"

namespace oomlab::harness {

enum class VmEnd {
  kFinished,  // "end" has arrived, and QEMU has exited with status 0 or, since
              // it stayed, had to be ended. Look at `channel_faults` before
              // trusting the messages.
  kBootFailed,  // No message: the guest fell silent, or QEMU exited.
  kGuestPanic,  // The console shows a panic, and QEMU exited without "end".
  kGuestLeft,   // The guest ended itself without "end" and without a panic.
  kQemuDied,    // QEMU ended by a signal or with a status other than 0.
  kDeadline,    // The run deadline passed; QEMU was ended.
  kCancelled,   // `stop` was requested; QEMU was ended.
  kHost,        // QEMU could not be started, or its console not be stored.
};

struct VmDeadlines {
  using Seconds = std::chrono::duration<double>;
  // Boot: how long neither console nor channel may say anything. Not the length
  // of the boot, so a slow machine is no failure.
  Seconds boot_silence{60};
  // The whole boot, start of QEMU to first message, where that must be limited.
  std::optional<Seconds> boot = std::nullopt;
  // From the first message to "end".
  Seconds run{60};
  // A guest that boots slowly works slowly: it gets at least so many seconds of
  // run for each second of its boot.
  double run_per_boot = 0;
  // From "end" to QEMU's exit; QEMU is then ended, and the run stays finished.
  Seconds leave{20};
  // From SIGTERM to SIGKILL where QEMU has to be ended.
  Seconds terminate{3};
};

struct VmOutcome {
  VmEnd end = VmEnd::kHost;
  std::string message;            // One line for people.
  std::vector<std::string> argv;  // What was started.
  double boot_s = 0;              // Start of QEMU -> first message.
  double run_s = 0;    // First message -> "end", or as far as it got.
  double total_s = 0;  // Start of QEMU -> its exit.
  std::uint64_t messages = 0;
  std::vector<ChannelFault>
      channel_faults;  // Empty: all that was sent arrived.
  // First "Kernel panic - not syncing: ..." of the console; set for kGuestPanic
  // only. A process in the guest can print such a line too (by /dev/kmsg): in a
  // run that ended otherwise it means nothing.
  std::optional<std::string> panic_line;
  std::string qemu_stderr;  // Its last 8 KiB.
  std::optional<int> exit_status, exit_signal;
};

// `config.console_log_path` is created or emptied first; empty: not stored.
[[nodiscard]] VmOutcome RunVm(const VmConfig& config,
                              const VmDeadlines& deadlines,
                              MessageHandler on_message,
                              const std::stop_token& stop = {});

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_VM_RUN_H_
