#include "workloads/patterns.h"

#include <array>

#include "workloads/table_anonymous.h"
#include "workloads/table_common.h"
#include "workloads/table_other.h"

namespace oomlab::workloads {
namespace {

constexpr auto kPatterns = std::to_array<Pattern>({
    {.name = "prefork",
     .help = "a server: a parent and workers that share its memory "
             "copy-on-write, then one of them grows",
     .options = table::kPrefork},
    {.name = "alloc",
     .help = "like stress --vm: workers that each take memory, and a parent "
             "that only waits",
     .options = table::kAlloc},
    {.name = "ramp",
     .help = "memory that grows after the start signal by a steady curve",
     .options = table::kRamp},
    {.name = "leak",
     .help = "memory of malloc that is lost block by block after the start "
             "signal",
     .options = table::kLeak},
    {.name = "shmem",
     .help = "shared memory: tmpfs, memfd, System V or anonymous",
     .options = table::kShmem},
    {.name = "pagecache",
     .help = "page cache of files, dirty or clean",
     .options = table::kPageCache},
    {.name = "filemap",
     .help = "a private file mapping whose pages are written: file memory that "
             "becomes anonymous",
     .options = table::kFileMap},
    {.name = "swap",
     .help = "anonymous memory that is paged out at once: a swap filler",
     .options = table::kSwap},
    {.name = "forks",
     .help = "a fork storm with a bound, after the start signal",
     .options = table::kForks},
    {.name = "threads",
     .help = "memory taken by many threads of one process",
     .options = table::kThreads},
    {.name = "kernel",
     .help = "memory of the kernel itself, which is in nobody's RSS",
     .options = table::kKernel},
    {.name = "command",
     .help = "any program as a workload",
     .options = table::kCommand,
     .takes_command = true},
});

}  // namespace

std::span<const Pattern> Patterns() { return kPatterns; }

std::span<const Option> CommonOptions() { return table::kCommon; }

const Pattern* FindPattern(std::string_view name) {
  for (const Pattern& pattern : kPatterns)
    if (pattern.name == name) return &pattern;
  return nullptr;
}

}  // namespace oomlab::workloads
