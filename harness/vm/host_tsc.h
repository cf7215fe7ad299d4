// The frequency of this machine's time stamp counter.
//
//   HostTscKhz()  ->  2596120
//
// Under TCG a guest reads the host's counter, so this is the guest's frequency
// too and can be given to its kernel, which then need not measure it.

#ifndef OOMLAB_HARNESS_VM_HOST_TSC_H_
#define OOMLAB_HARNESS_VM_HOST_TSC_H_

#include <cstdint>

namespace oomlab::harness {

// Measured once a process, within 20 ms, against CLOCK_MONOTONIC_RAW; true to
// about 1 in 100,000. 0 on a machine that has no such counter.
[[nodiscard]] std::uint64_t HostTscKhz();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_HOST_TSC_H_
