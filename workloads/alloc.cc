// alloc: like stress --vm. Workers that take memory after the start signal, and
// a parent that only waits and has next to none.

#include <optional>

#include "workloads/control.h"
#include "workloads/family.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

[[noreturn]] void RunWorker(const Options& options, Family& family,
                            std::uint64_t index) {
  const std::uint64_t bytes = options.Number("bytes");
  const bool cycle = options.Is("mode", "cycle");
  const std::uint64_t cycles = options.Number("cycles");

  Enter(options, Role::kWorker, index, /*active=*/true);
  Mapping memory = MapAnonymous(bytes);
  family.Arrive();
  AwaitStart();
  for (std::uint64_t taken = 1; memory.valid(); ++taken) {
    Touch(memory, EndIfAbandoned);
    if (!cycle || (cycles != 0 && taken > cycles)) break;
    Unmap(memory);
    memory = MapAnonymous(bytes);
  }
  if (memory.valid()) {
    SayDone(Outcome::kReached, memory.bytes);
  } else {
    SayDone(Outcome::kEnomem, 0);
  }
  HoldUntilKilled();
}

}  // namespace

void RunAlloc(const Options& options) {
  Enter(options, Role::kParent, 0, /*active=*/false);
  Family family(options.Number("workers"));
  if (const std::optional<std::uint64_t> index = family.Fork())
    RunWorker(options, family, *index);
  family.AwaitWorkers();
  SayReady();
  ForgetStart();
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
