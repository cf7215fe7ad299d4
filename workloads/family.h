// A parent and its workers: forked in order, a barrier until all of them stand
// at their size, and the parent's account of those that end.
//
//   Family family(options.Number("workers"));
//   if (const auto index = family.Fork()) {
//     ... a worker: takes what it shall hold ...
//     family.Arrive();
//     AwaitStart(); ...
//   }
//   family.AwaitWorkers();                // the parent: all have arrived
//   SayReady();
//   family.AwaitStart();
//   family.HoldUntilKilled();             // says "exited ..." for each worker
//
// After AwaitWorkers nothing of the barrier is left: its pipe is closed and its
// list of pids unmapped.

#ifndef OOMLAB_WORKLOADS_FAMILY_H_
#define OOMLAB_WORKLOADS_FAMILY_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>

#include "workloads/memory.h"

namespace oomlab::workloads {

// What becomes of a worker that has ended: nothing, or another in its place.
class Successor {
 public:
  Successor() = default;
  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;

  // `code` as in siginfo_t: CLD_EXITED, CLD_KILLED, CLD_DUMPED.
  [[nodiscard]] virtual bool IsWanted(int code) const = 0;
  [[noreturn]] virtual void Run(std::uint64_t index) = 0;

 protected:
  ~Successor() = default;
};

class Family {
 public:
  // With a successor, which must outlive it, workers that end after ready may
  // be replaced by one of the same index. The list of pids then stays: one page
  // for 1024 workers.
  explicit Family(std::uint64_t workers, Successor* successor = nullptr);

  // Forks all workers. Returns its index in each of them, and nothing in the
  // parent. When a fork fails, those that exist are killed and this ends with
  // an error.
  [[nodiscard]] std::optional<std::uint64_t> Fork();

  // Worker: stands at its declared size.
  void Arrive();

  // Parent: waits until every worker has arrived. A worker that ends before
  // makes the declared shape impossible: the others are killed and this ends
  // with an error.
  void AwaitWorkers();

  // Parent: as the functions of control.h, and meanwhile says which workers
  // end.
  void AwaitStart();
  [[noreturn]] void HoldUntilKilled();

  // Parent: says which workers of the last Family made have ended and ends when
  // abandoned; does not wait.
  static void Poll();

  // Parent: forks one more process, which is not part of the barrier. Returns
  // its pid, 0 in itself, or -1: see errno.
  [[nodiscard]] pid_t ForkLate();

 private:
  // Returns how many had ended.
  std::uint64_t Reap();
  void Replace(pid_t pid, int code);
  // Waits for what `fd` (-1: nothing) and the workers do.
  void WaitFor(int fd);
  [[noreturn]] void KillAllAndDie(const char* what, int error_number);

  std::uint64_t workers_;
  Successor* successor_;
  bool complete_ = false;  // The barrier is over.
  std::uint64_t forked_ = 0;
  std::uint64_t ended_ = 0;
  Mapping pids_memory_;
  std::span<pid_t> pids_;
  int arrived_read_ = -1;
  int arrived_write_ = -1;
  int child_signal_ = -1;
};

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_FAMILY_H_
