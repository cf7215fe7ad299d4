// The kinds of workload, one file each. Each runs as the first process of its
// workload, with descriptors 3 and 4 in place, and never returns.

#ifndef OOMLAB_WORKLOADS_KINDS_H_
#define OOMLAB_WORKLOADS_KINDS_H_

#include "workloads/options.h"

namespace oomlab::workloads {

[[noreturn]] void RunPrefork(const Options& options);
[[noreturn]] void RunAlloc(const Options& options);
[[noreturn]] void RunRamp(const Options& options);
[[noreturn]] void RunLeak(const Options& options);
[[noreturn]] void RunShmem(const Options& options);
[[noreturn]] void RunPageCache(const Options& options);
[[noreturn]] void RunFileMap(const Options& options);
[[noreturn]] void RunSwap(const Options& options);
[[noreturn]] void RunForks(const Options& options);
[[noreturn]] void RunThreads(const Options& options);
[[noreturn]] void RunKernel(const Options& options);
[[noreturn]] void RunCommand(const Options& options);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_KINDS_H_
