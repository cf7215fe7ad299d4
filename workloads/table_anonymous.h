// Options of the patterns that take anonymous memory. Part of patterns.cc.

#ifndef OOMLAB_WORKLOADS_TABLE_ANONYMOUS_H_
#define OOMLAB_WORKLOADS_TABLE_ANONYMOUS_H_

#include <array>

#include "workloads/patterns.h"
#include "workloads/table_common.h"

namespace oomlab::workloads::table {

using enum OptionType;

inline constexpr auto kPrefork = std::to_array<Option>({
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

inline constexpr auto kAlloc = std::to_array<Option>({
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

inline constexpr auto kRamp = std::to_array<Option>({
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

inline constexpr auto kLeak = std::to_array<Option>({
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

inline constexpr auto kSwap = std::to_array<Option>({
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "swap space that each worker fills, with at most 1 MiB more than "
             "that resident"},
    kOneWorker,
    kTakeAt,
    kWorkerComm,
});

inline constexpr auto kForks = std::to_array<Option>({
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

inline constexpr auto kThreads = std::to_array<Option>({
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

}  // namespace oomlab::workloads::table

#endif  // OOMLAB_WORKLOADS_TABLE_ANONYMOUS_H_
