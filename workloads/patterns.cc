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
     .max = 1000000,
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
     .help = "who grows after the start signal; worker: the first one"},
    {.name = "grow-bytes",
     .type = kSize,
     .fallback = "0",
     .help = "how much it grows, on top of what it has"},
    {.name = "worker-private",
     .type = kSize,
     .fallback = "0",
     .help = "memory that each worker writes for itself before ready"},
    kWorkerComm,
});

constexpr auto kAlloc = std::to_array<Option>({
    kWorkers,
    {.name = "bytes",
     .type = kSize,
     .required = true,
     .help = "memory that each worker writes after the start signal"},
    {.name = "mode",
     .type = kChoice,
     .fallback = "keep",
     .choices = "keep|cycle",
     .help = "keep it, or free it and take it again"},
    {.name = "cycles",
     .type = kCount,
     .fallback = "0",
     .help = "mode cycle: how often it is freed and taken again; 0: without "
             "end"},
    kWorkerComm,
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
