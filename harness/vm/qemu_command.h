// The command line that starts QEMU for one guest. Pure: nothing is looked up.
//
//   VmConfig config;
//   config.kernel_path = "/boot/vmlinuz-6.12";
//   config.initramfs_path = "run/initramfs";
//   QemuCommand(config)
//     -> qemu-system-x86_64 -M microvm,... -accel tcg,thread=multi ...
//        -kernel /boot/vmlinuz-6.12 -initrd ... -append "console=ttyS0 ..."
//
// The guest has two serial ports of type 16550 (ports 0x3f8 and 0x2f8), which
// every kernel drives without a module:
//
//   /dev/ttyS0  console       -> QEMU's stdout
//   /dev/ttyS1  agent channel -> what QEMU has as stdin: a pipe's writing end

#ifndef OOMLAB_HARNESS_VM_QEMU_COMMAND_H_
#define OOMLAB_HARNESS_VM_QEMU_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

namespace oomlab::harness {

enum class VmMachine {
  kMicrovm,  // Boots about 0.5 s faster; no PCI.
  kQ35,      // A whole PC, for what microvm lacks.
};
enum class VmAccel { kTcg, kKvm };

[[nodiscard]] const char* VmMachineName(VmMachine machine);  // "microvm"
[[nodiscard]] const char* VmAccelName(VmAccel accel);        // "tcg"

struct VmConfig {
  std::string qemu = "qemu-system-x86_64";
  std::string kernel_path;  // bzImage, or an ELF vmlinux (starts faster).
  std::string initramfs_path;
  std::uint64_t memory_bytes = 192ull << 20;
  unsigned cpus = 1;
  VmMachine machine = VmMachine::kMicrovm;
  VmAccel accel = VmAccel::kTcg;
  // Frequency of the guest's TSC, which under TCG is the host's (see
  // host_tsc.h). 0: the guest measures it, which fails on a loaded host.
  std::uint64_t tsc_khz = 0;
  // Words after ours on the kernel's command line; of a word given twice the
  // kernel takes the last.
  std::string extra_cmdline;
  // Where RunVm writes the console; not part of the command.
  std::string console_log_path;
};

[[nodiscard]] std::string KernelCmdline(const VmConfig& config);

// argv, argv[0] included.
[[nodiscard]] std::vector<std::string> QemuCommand(const VmConfig& config);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_QEMU_COMMAND_H_
