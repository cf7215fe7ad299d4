// The workload's end of PROTOCOL.md: events on descriptor 3, the start signal
// on descriptor 4, and the end of everything when nobody reads descriptor 3.
//
//   SayProcess(Role::kWorker, 2, /*active=*/true);
//     "process role=worker index=2 pid=143 active=1"
//   AwaitStart();
//   SayDone(Outcome::kReached, 20971520);
//     "done pid=143 result=reached bytes=20971520"
//   HoldUntilKilled();
//
// Nothing here allocates: lines are made on the stack. A process whose starter
// has gone ends with status 0, wherever it notices.

#ifndef OOMLAB_WORKLOADS_CONTROL_H_
#define OOMLAB_WORKLOADS_CONTROL_H_

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace oomlab::workloads {

inline constexpr int kEventFd = 3;
inline constexpr int kStartFd = 4;
inline constexpr int kUsageStatus = 2;

enum class Role { kParent, kWorker };
enum class Outcome { kReached, kEnomem };

void SayProcess(Role role, std::uint64_t index, bool active);
void SayReady();
void SayDone(Outcome outcome, std::uint64_t bytes);
// `code` and `status` as in siginfo_t: CLD_EXITED, CLD_KILLED, CLD_DUMPED.
void SayExited(pid_t pid, int code, int status);

// Reports "error WHAT: ENAME" on descriptor 3 and on stderr, and exits with
// status 2. `error_number` 0: without a name.
[[noreturn]] void Die(std::string_view what, int error_number);

// Waits for the start signal and closes descriptor 4.
void AwaitStart();

// For processes that nothing wakes: closes descriptor 4.
void ForgetStart();

// Whether nobody reads descriptor 3 any more; does not wait.
[[nodiscard]] bool IsAbandoned();

// Waits until nobody does.
void AwaitAbandonment();

// Ends this process when nobody reads descriptor 3 any more; does not wait.
void EndIfAbandoned();

// Waits for so long, or ends when abandoned.
void PauseMs(std::uint64_t ms);

// A moment so long from now; Passed() asks the clock, Await() waits for it or
// ends when abandoned. Of 0 ms: never.
class Moment {
 public:
  explicit Moment(std::uint64_t ms_from_now);
  [[nodiscard]] bool Passed() const;
  void Await() const;

 private:
  std::uint64_t at_ns_;
};

// A schedule of moments, each `period` after the one before, counted from the
// first call so that late ones do not move the others.
class Schedule {
 public:
  explicit Schedule(std::uint64_t period_ns) : period_ns_(period_ns) {}
  // Waits until the next moment, or ends when abandoned.
  void AwaitNext();

 private:
  std::uint64_t period_ns_;
  std::uint64_t next_ns_ = 0;
};

// Waits, using neither CPU nor memory, until killed or abandoned.
[[noreturn]] void HoldUntilKilled();

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_CONTROL_H_
