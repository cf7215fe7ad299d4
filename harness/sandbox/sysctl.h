// Kernel settings by their sysctl name: "vm.oom_dump_tasks" is
// /proc/sys/vm/oom_dump_tasks.

#ifndef OOMLAB_HARNESS_SANDBOX_SYSCTL_H_
#define OOMLAB_HARNESS_SANDBOX_SYSCTL_H_

#include <string>

#include "base/result.h"

namespace oomlab::harness {

// Sets and reads back. Errors: kUnsupported when this kernel has no such
// setting; kSystem when it refuses the value or takes another one.
[[nodiscard]] Result<> SetSysctl(const std::string& name,
                                 const std::string& value);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SANDBOX_SYSCTL_H_
