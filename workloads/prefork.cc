// prefork: a server that fills its image and forks workers which share it. The
// sum of all RSS then exceeds what is really used, and the one that grows is
// not always the one that has the most.

#include <cerrno>
#include <optional>

#include "workloads/control.h"
#include "workloads/family.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

// Mapped before the start signal, so that the kernel refuses a size it cannot
// map at the start and not in the middle of growth.
void Grow(const Mapping& growth, void (*pause)()) {
  if (!growth.valid()) return SayDone(Outcome::kEnomem, 0);
  Touch(growth, pause);
  SayDone(Outcome::kReached, growth.bytes);
}

[[noreturn]] void RunWorker(const Options& options, Family& family,
                            std::uint64_t index, std::uint64_t grow_bytes) {
  Enter(options, Role::kWorker, index, grow_bytes != 0);
  const Mapping own = MapAnonymous(options.Number("worker-private"));
  if (!own.valid()) Die("cannot map the private memory of a worker", errno);
  Touch(own, EndIfAbandoned);
  const Mapping growth = MapAnonymous(grow_bytes);
  family.Arrive();
  if (grow_bytes != 0) {
    AwaitStart();
    Grow(growth, EndIfAbandoned);
  } else {
    ForgetStart();
  }
  HoldUntilKilled();
}

}  // namespace

void RunPrefork(const Options& options) {
  const std::uint64_t grow_bytes = options.Number("grow-bytes");
  const std::uint64_t parent_grows =
      options.Is("grow", "parent") ? grow_bytes : 0;
  const std::uint64_t worker_grows =
      options.Is("grow", "worker") ? grow_bytes : 0;

  Enter(options, Role::kParent, 0, parent_grows != 0);
  const Mapping image = MapAnonymous(options.Number("image"));
  if (!image.valid()) Die("cannot map the image", errno);
  Touch(image, EndIfAbandoned);

  Family family(options.Number("workers"));
  if (const std::optional<std::uint64_t> index = family.Fork())
    RunWorker(options, family, *index, *index == 0 ? worker_grows : 0);

  const Mapping growth = MapAnonymous(parent_grows);
  family.AwaitWorkers();
  SayReady();
  family.AwaitStart();
  if (parent_grows != 0) Grow(growth, Family::Poll);
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
