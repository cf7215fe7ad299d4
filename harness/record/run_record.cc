#include "harness/record/run_record.h"

namespace oomlab::harness {

int ExitStatus(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return 0;
    case Verdict::kFail:
      return 1;
    case Verdict::kBroken:
      return 3;
    case Verdict::kUnsupported:
      return 4;
  }
  return 3;
}

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kUnsupported:
      return "unsupported";
  }
  return "broken";
}

const char* BrokenCauseName(BrokenCause cause) {
  switch (cause) {
    case BrokenCause::kBootFailed:
      return "boot_failed";
    case BrokenCause::kGuestPanic:
      return "guest_panic";
    case BrokenCause::kQemuDied:
      return "qemu_died";
    case BrokenCause::kDeadline:
      return "deadline";
    case BrokenCause::kChannel:
      return "channel";
    case BrokenCause::kAgent:
      return "agent";
    case BrokenCause::kKernelLogLost:
      return "kernel_log_lost";
    case BrokenCause::kWitness:
      return "witness";
    case BrokenCause::kHost:
      return "host";
  }
  return "host";
}

}  // namespace oomlab::harness
