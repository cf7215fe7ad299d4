#include "workloads/task.h"

#include <optional>

#include "workloads/family.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

[[noreturn]] void RunWorker(const Options& options, Task& task, Family& family,
                            std::uint64_t index) {
  const bool at_ready =
      options.Knows("take-at") && options.Is("take-at", "ready");
  Enter(options, Role::kWorker, index, /*active=*/!at_ready);
  task.Prepare();
  if (at_ready) {
    if (task.Take().outcome != Outcome::kReached)
      Die("a worker cannot take what it shall hold", 0);
    family.Arrive();
    ForgetStart();
  } else {
    family.Arrive();
    AwaitStart();
    const Taken taken = task.Take();
    SayDone(taken.outcome, taken.bytes);
  }
  task.Hold();
  HoldUntilKilled();
}

}  // namespace

void Task::Hold() { HoldUntilKilled(); }

void RunTask(const Options& options, Task& task) {
  Enter(options, Role::kParent, 0, /*active=*/false);
  Family family(options.Number("workers"));
  if (const std::optional<std::uint64_t> index = family.Fork())
    RunWorker(options, task, family, *index);
  family.AwaitWorkers();
  SayReady();
  ForgetStart();
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
