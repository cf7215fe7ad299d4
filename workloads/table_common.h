// Options that several patterns have. Part of patterns.cc.

#ifndef OOMLAB_WORKLOADS_TABLE_COMMON_H_
#define OOMLAB_WORKLOADS_TABLE_COMMON_H_

#include <array>
#include <cstdint>

#include "workloads/patterns.h"

namespace oomlab::workloads::table {

using enum OptionType;

inline constexpr std::uint64_t kPathBytes = 1024;

inline constexpr std::uint64_t kMaxMs = 100'000'000'000;  // Three years.

inline constexpr Option kWorkers = {.name = "workers",
                                    .type = kCount,
                                    .required = true,
                                    .min = 1,
                                    .max = 10000,
                                    .help = "worker processes"};

inline constexpr Option kOneWorker = {.name = "workers",
                                      .type = kCount,
                                      .fallback = "1",
                                      .min = 1,
                                      .max = 10000,
                                      .help = "worker processes"};

inline constexpr Option kWorkerComm = {
    .name = "worker-comm",
    .type = kText,
    .max = kCommBytes,
    .help =
        "name of the workers, if not that of "
        "the parent"};

inline constexpr Option kTakeAt = {
    .name = "take-at",
    .type = kChoice,
    .fallback = "start",
    .choices = "start|ready",
    .help =
        "take it after the start signal, or before "
        "ready"};

inline constexpr auto kCommon = std::to_array<Option>({
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

}  // namespace oomlab::workloads::table

#endif  // OOMLAB_WORKLOADS_TABLE_COMMON_H_
