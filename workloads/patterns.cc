#include "workloads/patterns.h"

#include <array>

namespace oomlab::workloads {
namespace {

using enum OptionType;

constexpr Option kWorkers = {.name = "workers",
                             .type = kCount,
                             .required = true,
                             .min = 1,
                             .max = 10000,
                             .help = "worker processes"};
constexpr Option kWorkerComm = {.name = "worker-comm",
                                .type = kText,
                                .max = kCommBytes,
                                .help =
                                    "name of the workers, if not that of "
                                    "the parent"};

constexpr Option kTakeAt = {.name = "take-at",
                            .type = kChoice,
                            .fallback = "start",
                            .choices = "start|ready",
                            .help =
                                "take it after the start signal, or before "
                                "ready"};
constexpr std::uint64_t kPathBytes = 1024;
constexpr std::uint64_t kMaxMs = 100'000'000'000;  // Three years.

constexpr auto kCommon = std::to_array<Option>({
    {.name = "comm",
     .type = kText,
     .max = kCommBytes,
     .help = "name of the processes, as the kernel logs it"},
    {.name = "control",
     .type = kFlag,
     .help = "speak the protocol on descriptors 3 and 4 (PROTOCOL.md) instead "
             "of running by itself"},
    {.name = "timeout",
     .type = kCount,
     .max = 100'000'000,
     .help = "without --control: end everything after so many seconds; "
             "0: when it is killed"},
});

constexpr auto kPrefork = std::to_array<Option>({
    {.name = "image",
     .type = kSize,
     .required = true,
     .help = "memory that the parent writes and the workers share "
             "copy-on-write"},
    kWorkers,
    {.name = "grow",
     .type = kChoice,
     .fallback = "none",
     .choices = "none|parent|worker",
     .help = "who grows after the start signal"},
    {.name = "grow-worker",
     .type = kCount,
     .fallback = "0",
     .max = 9999,
     .help = "grow worker: the index of the worker"},
    {.name = "grow-bytes",
     .type = kSize,
     .fallback = "0",
     .help = "how much it grows, on top of what it has"},
    {.name = "worker-private",
     .type = kSize,
     .fallback = "0",
     .help = "memory that each worker writes for itself before ready"},
    {.name = "worker-dirty",
     .type = kSize,
     .fallback = "0",
     .help = "how much of the image, from its start, each worker writes before "
             "ready and so has for itself"},
    {.name = "worker-dirty-rate",
     .type = kSize,
     .fallback = "0",
     .help = "bytes per second of the image that each worker writes after the "
             "start signal, until the whole image is its own"},
    {.name = "worker-lifetime-ms",
     .type = kCount,
     .fallback = "0",
     .max = kMaxMs,
     .help = "milliseconds after which a worker exits and is replaced; 0: "
             "never"},
    {.name = "respawn",
     .type = kFlag,
     .help = "workers that are killed after ready are replaced too"},
    kWorkerComm,
});

constexpr auto kAlloc = std::to_array<Option>({
    kWorkers,
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "anonymous memory that each worker takes"},
    {.name = "mode",
     .type = kChoice,
     .fallback = "keep",
     .choices = "keep|cycle|redirty",
     .help = "keep it; free it and take it again; or keep it and write it "
             "again and again"},
    {.name = "cycles",
     .type = kCount,
     .fallback = "0",
     .help = "mode cycle: how often it is freed and taken again; 0: without "
             "end"},
    {.name = "hold-ms",
     .type = kCount,
     .fallback = "0",
     .max = kMaxMs,
     .help = "modes cycle and redirty: milliseconds to wait in between"},
    {.name = "from",
     .type = kChoice,
     .fallback = "mmap",
     .choices = "mmap|malloc|brk|stack",
     .help = "where it comes from; a stack is written from its end"},
    {.name = "by",
     .type = kChoice,
     .fallback = "touch",
     .choices = "touch|populate|mlock",
     .help = "how it becomes resident: page by page by writing, or at once by "
             "the kernel (MAP_POPULATE, mlock)"},
    {.name = "order",
     .type = kChoice,
     .fallback = "sequential",
     .choices = "sequential|random|strided|sparse",
     .help = "order of writing; sparse: one page in each stride of a larger "
             "mapping, so that page tables dominate"},
    {.name = "seed",
     .type = kCount,
     .fallback = "1",
     .max = UINT64_MAX,
     .help = "order random: which one"},
    {.name = "stride",
     .type = kSize,
     .fallback = "2MiB",
     .max = 1ull << 30,
     .help = "orders strided and sparse: from one page to the next"},
    {.name = "huge",
     .type = kChoice,
     .fallback = "off",
     .choices = "off|on|system",
     .help = "transparent huge pages: never, asked for, or as the machine is "
             "set"},
    {.name = "mergeable",
     .type = kFlag,
     .help = "let KSM merge its pages, which are all the same"},
    kTakeAt,
    kWorkerComm,
});

constexpr Option kOneWorker = {.name = "workers",
                               .type = kCount,
                               .fallback = "1",
                               .min = 1,
                               .max = 10000,
                               .help = "worker processes"};

constexpr auto kRamp = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "anonymous memory that each worker has in the end"},
    {.name = "rate",
     .type = kSize,
     .min = 1,
     .help = "bytes per second, in small steps"},
    {.name = "step", .type = kSize, .min = 1, .help = "bytes per step"},
    {.name = "every-ms",
     .type = kCount,
     .fallback = "1000",
     .max = kMaxMs,
     .help = "with --step: milliseconds from one to the next; the first comes "
             "so long after the start signal"},
    kOneWorker,
    kWorkerComm,
});

constexpr auto kLeak = std::to_array<Option>({
    {.name = "block",
     .type = kSize,
     .fallback = "64KiB",
     .min = 1,
     .help = "bytes of each block that malloc gives and nobody frees"},
    {.name = "every-us",
     .type = kCount,
     .fallback = "1000",
     .max = kMaxMs * 1000,
     .help = "microseconds from one block to the next; 0: at once"},
    {.name = "bytes",
     .type = kSize,
     .fallback = "0",
     .help = "how much to leak; 0: without end"},
    kOneWorker,
    kWorkerComm,
});

constexpr auto kShmem = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "shared memory that each worker takes for itself"},
    {.name = "type",
     .type = kChoice,
     .fallback = "memfd",
     .choices = "tmpfs|memfd|sysv|anonymous",
     .help = "a file in --path, a memfd, a System V segment, or a shared "
             "anonymous mapping"},
    {.name = "via",
     .type = kChoice,
     .fallback = "map",
     .choices = "map|write",
     .help =
         "by touching a mapping, which counts as RSS, or by write(2), which "
         "does not"},
    {.name = "path",
     .type = kText,
     .fallback = "/dev/shm",
     .max = kPathBytes,
     .help = "type tmpfs: a directory on a tmpfs"},
    {.name = "leave",
     .type = kFlag,
     .help = "types tmpfs and sysv: it stays when its process ends; whoever "
             "asks for that removes it"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kPageCache = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "page cache that each worker makes"},
    {.name = "path",
     .type = kText,
     .required = true,
     .max = kPathBytes,
     .help = "a directory on a file system with a disk below (on a tmpfs it "
             "would be shared memory); the files have no name"},
    {.name = "state",
     .type = kChoice,
     .fallback = "dirty",
     .choices = "dirty|clean",
     .help = "as written, until the kernel writes it back; or written back"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kFileMap = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "size of a file that each worker maps and reads before ready: "
             "file pages of its RSS"},
    {.name = "write",
     .type = kSize,
     .fallback = "0",
     .help = "how much of it each worker writes, from its start: these pages "
             "become anonymous"},
    {.name = "path",
     .type = kText,
     .required = true,
     .max = kPathBytes,
     .help = "a directory for the file, which has no name"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kSwap = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "swap space that each worker fills, with at most 1 MiB more than "
             "that resident"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kForks = std::to_array<Option>({
    {.name = "processes",
     .type = kCount,
     .required = true,
     .min = 1,
     .max = 100000,
     .help = "how many children are forked in all"},
    {.name = "bytes",
     .type = kSize,
     .fallback = "0",
     .help = "anonymous memory that each child takes at once"},
    {.name = "every-us",
     .type = kCount,
     .fallback = "0",
     .max = kMaxMs * 1000,
     .help = "microseconds from one fork to the next; 0: at once"},
    {.name = "lifetime-ms",
     .type = kCount,
     .fallback = "0",
     .max = kMaxMs,
     .help = "milliseconds after which a child exits; 0: never"},
    kWorkerComm,
});

constexpr auto kThreads = std::to_array<Option>({
    {.name = "threads",
     .type = kCount,
     .required = true,
     .min = 1,
     .max = 10000,
     .help = "threads of each worker, besides the one it begins with"},
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "anonymous memory that each thread writes"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kKernel = std::to_array<Option>({
    {.name = "type",
     .type = kChoice,
     .fallback = "pipes",
     .choices = "pipes|sockets|dentries",
     .help = "data in pipes, data in UNIX sockets, or empty files with their "
             "inodes"},
    {.name = "bytes",
     .type = kSize,
     .help = "pipes and sockets: data that each worker leaves in them"},
    {.name = "count",
     .type = kCount,
     .max = 1ull << 32,
     .help = "dentries: how many files each worker makes; one that is killed "
             "leaves them"},
    {.name = "path",
     .type = kText,
     .fallback = "/dev/shm",
     .max = kPathBytes,
     .help = "dentries: the directory; on a tmpfs nothing can be reclaimed"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

constexpr auto kCommand = std::to_array<Option>({
    {.name = "take-at",
     .type = kChoice,
     .fallback = "start",
     .choices = "start|ready",
     .help = "run it after the start signal, or at once"},
    {.name = "workers",
     .type = kCount,
     .fallback = "1",
     .min = 1,
     .max = 10000,
     .help = "how many run side by side"},
});

constexpr auto kPatterns = std::to_array<Pattern>({
    {.name = "prefork",
     .help = "a server: a parent and workers that share its memory "
             "copy-on-write, then one of them grows",
     .options = kPrefork},
    {.name = "alloc",
     .help = "like stress --vm: workers that each take memory, and a parent "
             "that only waits",
     .options = kAlloc},
    {.name = "ramp",
     .help = "memory that grows after the start signal by a steady curve",
     .options = kRamp},
    {.name = "leak",
     .help = "memory of malloc that is lost block by block after the start "
             "signal",
     .options = kLeak},
    {.name = "shmem",
     .help = "shared memory: tmpfs, memfd, System V or anonymous",
     .options = kShmem},
    {.name = "pagecache",
     .help = "page cache of files, dirty or clean",
     .options = kPageCache},
    {.name = "filemap",
     .help = "a private file mapping whose pages are written: file memory that "
             "becomes anonymous",
     .options = kFileMap},
    {.name = "swap",
     .help = "anonymous memory that is paged out at once: a swap filler",
     .options = kSwap},
    {.name = "forks",
     .help = "a fork storm with a bound, after the start signal",
     .options = kForks},
    {.name = "threads",
     .help = "memory taken by many threads of one process",
     .options = kThreads},
    {.name = "kernel",
     .help = "memory of the kernel itself, which is in nobody's RSS",
     .options = kKernel},
    {.name = "command",
     .help = "any program as a workload",
     .options = kCommand,
     .takes_command = true},
});

}  // namespace

std::span<const Pattern> Patterns() { return kPatterns; }

std::span<const Option> CommonOptions() { return kCommon; }

const Pattern* FindPattern(std::string_view name) {
  for (const Pattern& pattern : kPatterns)
    if (pattern.name == name) return &pattern;
  return nullptr;
}

}  // namespace oomlab::workloads
