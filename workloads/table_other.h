// Options of the patterns that take other memory. Part of patterns.cc.

#ifndef OOMLAB_WORKLOADS_TABLE_OTHER_H_
#define OOMLAB_WORKLOADS_TABLE_OTHER_H_

#include <array>

#include "workloads/patterns.h"
#include "workloads/table_common.h"

namespace oomlab::workloads::table {

using enum OptionType;

inline constexpr auto kShmem = std::to_array<Option>({
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

inline constexpr auto kPageCache = std::to_array<Option>({
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

inline constexpr auto kFileMap = std::to_array<Option>({
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

inline constexpr auto kKernel = std::to_array<Option>({
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

inline constexpr auto kCommand = std::to_array<Option>({
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

}  // namespace oomlab::workloads::table

#endif  // OOMLAB_WORKLOADS_TABLE_OTHER_H_
