// What most kinds have in common: a parent that only waits, and workers that
// each take something at one moment.
//
//   class AllocTask : public Task { ... };
//   void RunAlloc(const Options& options) {
//     AllocTask task(options);
//     RunTask(options, task);
//   }
//
// With --take-at=start (the default) a worker takes it after the start signal
// and says "done"; with --take-at=ready before it arrives, and then it holds.

#ifndef OOMLAB_WORKLOADS_TASK_H_
#define OOMLAB_WORKLOADS_TASK_H_

#include <cstdint>

#include "workloads/control.h"
#include "workloads/options.h"

namespace oomlab::workloads {

struct Taken {
  Outcome outcome = Outcome::kReached;
  std::uint64_t bytes = 0;
};

// Each worker has a copy of its own, made by fork.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // Before the worker arrives: what must not fail or cost later.
  virtual void Prepare() {}
  virtual Taken Take() = 0;
  // After Take; ends by HoldUntilKilled.
  virtual void Hold();

 protected:
  ~Task() = default;
};

// Options: workers, worker-comm, and take-at where the pattern has it.
[[noreturn]] void RunTask(const Options& options, Task& task);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_TASK_H_
