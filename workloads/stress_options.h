// stress(1)'s own memory options as arguments for oomlab-load.
//
//   TranslateStress({"--vm", "2", "--vm-bytes", "1G", "--vm-keep", "-t",
//   "10s"})
//     alloc --workers=2 --bytes=1073741824 --mode=redirty --hold-ms=0
//     --from=malloc --huge=system --comm=stress --timeout=10
//
// The options of stress 1.0 (-m, --vm, --vm-bytes, --vm-stride, --vm-hang,
// --vm-keep, -t, --timeout, and -v, -q, --backoff, which change no memory),
// with its suffixes B, K, M, G (units of 1024) and s, m, h, d, y. What stress
// does with them:
//   without --vm-keep   each worker frees its memory and takes it again, for
//                       ever
//   --vm-keep           it keeps it and writes it again, for ever
//   --vm-hang N         N seconds of sleep each time; 0: it sleeps for ever
//   --vm-stride B       one byte is written every B bytes; beyond 4096 some
//                       pages stay untouched, so fewer become resident
// Unlike stress, a worker that is killed does not end the others.

#ifndef OOMLAB_WORKLOADS_STRESS_OPTIONS_H_
#define OOMLAB_WORKLOADS_STRESS_OPTIONS_H_

#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace oomlab::workloads {

// The kind and its options, without the program's name. Errors are kUsage:
// options for CPU, I/O and disk say that they are not memory.
[[nodiscard]] Result<std::vector<std::string>> TranslateStress(
    std::span<const std::string> arguments);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_STRESS_OPTIONS_H_
