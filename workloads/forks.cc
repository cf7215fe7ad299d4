// forks: a fork storm with a bound. After the start signal one process forks
// children as fast as it can, or at a pace, until there were so many.

#include <unistd.h>

#include "workloads/control.h"
#include "workloads/family.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

[[noreturn]] void RunChild(const Options& options, std::uint64_t index) {
  Enter(options, Role::kWorker, index, /*active=*/false);
  const Mapping own = MapAnonymous(options.Number("bytes"));
  // It is one of many: what it lacks shows in what the storm reached.
  if (!own.valid()) ::_exit(1);
  Touch(own, EndIfAbandoned);
  Moment(options.Number("lifetime-ms")).Await();
  ::_exit(0);
}

}  // namespace

void RunForks(const Options& options) {
  const std::uint64_t processes = options.Number("processes");
  const std::uint64_t bytes = RoundToPages(options.Number("bytes"));
  Enter(options, Role::kParent, 0, /*active=*/true);
  Family family(0);
  (void)family.Fork();
  family.AwaitWorkers();
  SayReady();
  family.AwaitStart();

  Schedule schedule(options.Number("every-us") * 1000);
  Outcome outcome = Outcome::kReached;
  std::uint64_t forked = 0;
  for (; forked < processes; ++forked) {
    if (options.Number("every-us") != 0) schedule.AwaitNext();
    const pid_t pid = family.ForkLate();
    if (pid == 0) RunChild(options, forked);
    if (pid < 0) {
      outcome = Outcome::kEnomem;
      break;
    }
    Family::Poll();
  }
  SayDone(outcome, forked * bytes);
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
