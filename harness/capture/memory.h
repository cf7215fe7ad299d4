// Reads the kernel's own figures on memory: /proc/vmstat, /proc/meminfo and
// /proc/PID/smaps_rollup.

#ifndef OOMLAB_HARNESS_CAPTURE_MEMORY_H_
#define OOMLAB_HARNESS_CAPTURE_MEMORY_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "harness/record/observation.h"

namespace oomlab::harness {

using NamedCounts = std::map<std::string, std::int64_t, std::less<>>;

// "oom_kill 1\nfoo 2" or "MemTotal:  158984 kB" -> {{"oom_kill", 1}, ...}. A
// line without a number is passed over; units are left to the caller.
[[nodiscard]] NamedCounts ParseNamedCounts(std::string_view text);

// The counters of /proc/vmstat that tell of reclaim, swap and OOM kills.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> ReadVmstat();

// /proc/meminfo, KiB.
[[nodiscard]] Result<NamedCounts> ReadMeminfo();

// smaps_rollup walks the page tables, so it is exact where the kernel's rss
// counters (6.2 to 6.19) are not. Errors: kNotFound when the process is gone.
[[nodiscard]] Result<ProcessMemory> ReadProcessMemory(int pid);

// /proc/PID/comm without its newline.
[[nodiscard]] Result<std::string> ReadComm(int pid);

// CLOCK_MONOTONIC.
[[nodiscard]] std::int64_t MonotonicNs();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_CAPTURE_MEMORY_H_
