#include "harness/vm/qemu_command.h"

#include <fmt/format.h>

namespace oomlab::harness {

const char* VmMachineName(VmMachine machine) {
  return machine == VmMachine::kMicrovm ? "microvm" : "q35";
}

const char* VmAccelName(VmAccel accel) {
  return accel == VmAccel::kTcg ? "tcg" : "kvm";
}

std::string KernelCmdline(const VmConfig& config) {
  // Console: everything down to KERN_INFO. The task table of an OOM report is
  // KERN_INFO, and when panic_on_oom ends the guest the console is all there
  // is. Against loglevel=5 this costs no time that could be measured (6.12
  // under TCG, 250 lines: 2.29 s and 2.27 s to power-off), and each line shows
  // that the guest is alive.
  //
  // End: panic=-1 reboots at once, reboot=t reboots by a triple fault, which
  // needs no ACPI, and -no-reboot turns that into QEMU's exit.
  //
  // Same input, same run: no address randomisation in kernel or programs.
  //
  // Speed: the crypto self-tests are 0.3 to 0.5 s of a boot under TCG.
  std::string out =
      "console=ttyS0 loglevel=7 panic=-1 reboot=t nokaslr norandmaps "
      "cryptomgr.notests";
  if (config.accel == VmAccel::kTcg && config.tsc_khz != 0) {
    // microvm has neither HPET nor PM timer. When another process delays QEMU,
    // calibration against the PIT fails ("could not calculate TSC khz", no
    // timer, no boot), and the clocksource watchdog, whose reference is the
    // timer tick, takes the TSC for broken.
    out += fmt::format(" tsc_early_khz={} tsc=reliable", config.tsc_khz);
  }
  if (!config.extra_cmdline.empty()) out += " " + config.extra_cmdline;
  return out;
}

std::vector<std::string> QemuCommand(const VmConfig& config) {
  std::vector<std::string> argv = {config.qemu, "-M"};
  // Both serial ports are devices of ours, so that their order is ours as well.
  argv.emplace_back(config.machine == VmMachine::kMicrovm
                        ? "microvm,x-option-roms=off,isa-serial=off,rtc=on"
                        : "q35");
  argv.insert(argv.end(), {"-nodefaults", "-no-user-config", "-display", "none",
                           "-no-reboot", "-accel"});
  if (config.accel == VmAccel::kTcg) {
    // QEMU 7.2's TCG corrupts EFLAGS around cmpxchg16b; without the feature
    // kernels use their other path and stop dying in random places. One thread
    // a VCPU (multi) is also right for one VCPU: device work then has a thread
    // of its own.
    argv.insert(argv.end(), {"tcg,thread=multi", "-cpu", "max,-cx16"});
  } else {
    // On some hosts (AMD, nested) KVM offers ARCH_CAPABILITIES and then refuses
    // its value, on which QEMU aborts. No guest of ours needs it.
    argv.insert(argv.end(), {"kvm", "-cpu", "host,-arch-capabilities"});
  }
  argv.insert(argv.end(), {"-smp", fmt::to_string(config.cpus)});
  argv.insert(argv.end(), {"-m", fmt::format("{}B", config.memory_bytes)});
  argv.insert(argv.end(), {"-kernel", config.kernel_path});
  argv.insert(argv.end(), {"-initrd", config.initramfs_path});
  argv.insert(argv.end(), {"-append", KernelCmdline(config)});
  // Pipes: QEMU opens /dev/stdin and /dev/stdout for writing, whichever way
  // they point. A mebibyte takes 1.7 s through a pipe and 2.2 to 4 s through a
  // socket, which makes a packet of every byte; nothing is lost in either,
  // since the 16550 waits while the pipe is full.
  argv.insert(argv.end(), {"-chardev", "file,id=console,path=/dev/stdout",
                           "-device", "isa-serial,chardev=console,index=0",
                           "-chardev", "file,id=channel,path=/dev/stdin",
                           "-device", "isa-serial,chardev=channel,index=1"});
  return argv;
}

}  // namespace oomlab::harness
