// Chooses between KVM and emulation (TCG).
//
//   AccelProbe probe;
//   probe.config = config;              // kernel and initramfs to boot
//   probe.kernel_sha256 = kernel.sha256;
//   Result<AccelChoice> choice = ChooseAccel(AccelRequest::kAuto, probe);
//   choice->accel, choice->reason
//     kTcg, "KVM does not work here: the guest did not boot within 10.0 s; ..."
//
// That /dev/kvm opens says little: inside some virtual machines it creates VMs
// and VCPUs and still never runs a kernel. So KVM is used only after it has
// booted this very kernel to the first message of its /init. The answer is kept
// below the user's cache directory until the machine is booted anew or QEMU or
// the kernel changes, so the probe is paid once. A "no" is kept for an hour and
// only for kAuto: a busy host may just have missed the deadline.

#ifndef OOMLAB_HARNESS_VM_ACCEL_H_
#define OOMLAB_HARNESS_VM_ACCEL_H_

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "harness/vm/qemu_command.h"

namespace oomlab::harness {

enum class AccelRequest { kAuto, kKvm, kTcg };

// "auto", "kvm", "tcg". Error: kUsage.
[[nodiscard]] Result<AccelRequest> ParseAccelRequest(std::string_view text);

struct AccelProbe {
  // The guest that is booted; `accel` and `console_log_path` are not used. Its
  // /init must send a message and need not end, the guest is ended then.
  VmConfig config;
  std::string kernel_sha256;    // Empty: the answer is neither kept nor reused.
  std::string cache_directory;  // Empty: $XDG_CACHE_HOME/oomlab/accel.
  std::string device = "/dev/kvm";
  std::chrono::duration<double> deadline{10};
};

struct AccelChoice {
  VmAccel accel = VmAccel::kTcg;
  std::string reason;  // For the record: "asked for", "KVM booted it in 0.4 s".
};

// Errors: kUnsupported when KVM is asked for and does not work; kNotFound
// without QEMU; kTimeout when `stop` was requested meanwhile.
[[nodiscard]] Result<AccelChoice> ChooseAccel(AccelRequest request,
                                              const AccelProbe& probe,
                                              const std::stop_token& stop = {});

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_ACCEL_H_
