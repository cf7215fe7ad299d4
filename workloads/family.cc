#include "workloads/family.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "workloads/control.h"

namespace oomlab::workloads {
namespace {

// For the functions that are called from the middle of touching.
Family* g_family = nullptr;

}  // namespace

Family::Family(std::uint64_t workers, Successor* successor)
    : workers_(workers), successor_(successor) {
  g_family = this;
  pids_memory_ = MapAnonymous(workers * sizeof(pid_t));
  if (!pids_memory_.valid()) Die("cannot map the list of workers", errno);
  // The workers must not share it: it is gone when the parent is ready.
  (void)::madvise(pids_memory_.base, pids_memory_.bytes, MADV_DONTFORK);
  pids_ = {reinterpret_cast<pid_t*>(pids_memory_.base), workers};

  std::array<int, 2> ends = {};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) Die("cannot make a pipe", errno);
  arrived_read_ = ends[0];
  arrived_write_ = ends[1];

  // A descriptor instead of a handler: a signal frame would grow the stack.
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child, nullptr);
  child_signal_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (child_signal_ < 0) Die("cannot make a signalfd", errno);
}

std::optional<std::uint64_t> Family::Fork() {
  for (forked_ = 0; forked_ < workers_; ++forked_) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::close(arrived_read_);
      ::close(child_signal_);
      return forked_;
    }
    if (pid < 0) KillAllAndDie("cannot fork a worker", errno);
    pids_[forked_] = pid;
  }
  ::close(arrived_write_);
  return std::nullopt;
}

void Family::Arrive() {
  while (::write(arrived_write_, "", 1) < 0)
    if (errno != EINTR)
      Die("cannot tell the parent that a worker stands", errno);
  ::close(arrived_write_);
}

void Family::AwaitWorkers() {
  // The pipe ends when each worker has closed it: arrived or dead.
  std::uint64_t arrived = 0;
  std::array<char, 512> bytes = {};
  for (;;) {
    WaitFor(arrived_read_);
    const ssize_t n = ::read(arrived_read_, bytes.data(), bytes.size());
    if (n == 0) break;
    if (n > 0) arrived += static_cast<std::uint64_t>(n);
  }
  // One may also have arrived and have ended since.
  ended_ += Reap();
  if (arrived != workers_ || ended_ != 0)
    KillAllAndDie("a worker ended before all stood at their size", 0);
  ::close(arrived_read_);
  if (successor_ == nullptr) Unmap(pids_memory_);
  complete_ = true;
}

void Family::AwaitStart() {
  WaitFor(kStartFd);
  ::close(kStartFd);
}

void Family::HoldUntilKilled() {
  for (;;) WaitFor(-1);
}

void Family::Poll() {
  g_family->Reap();
  EndIfAbandoned();
}

pid_t Family::ForkLate() {
  const pid_t pid = ::fork();
  if (pid == 0) ::close(child_signal_);
  return pid;
}

std::uint64_t Family::Reap() {
  std::uint64_t count = 0;
  siginfo_t info = {};
  // Looks first and reaps after: whoever reads "exited" can still find the
  // process.
  while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0) {
    SayExited(info.si_pid, info.si_code, info.si_status);
    (void)::waitid(P_PID, static_cast<id_t>(info.si_pid), nullptr, WEXITED);
    ++count;
    Replace(info.si_pid, info.si_code);
    info = {};
  }
  return count;
}

void Family::Replace(pid_t pid, int code) {
  if (!complete_ || successor_ == nullptr || !successor_->IsWanted(code))
    return;
  const auto place = std::find(pids_.begin(), pids_.end(), pid);
  if (place == pids_.end()) return;
  const pid_t next = ForkLate();
  if (next == 0)
    successor_->Run(static_cast<std::uint64_t>(place - pids_.begin()));
  *place = next;  // -1, no memory for another: the place stays empty.
}

void Family::WaitFor(int fd) {
  std::array<pollfd, 3> fds = {
      {{.fd = kEventFd, .events = 0, .revents = 0},
       {.fd = child_signal_, .events = POLLIN, .revents = 0},
       {.fd = fd, .events = POLLIN, .revents = 0}}};
  do {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0) EndIfAbandoned();
    if (fds[1].revents != 0) {
      signalfd_siginfo info;  // NOLINT(*-member-init): filled by read
      (void)!::read(child_signal_, &info, sizeof(info));
      ended_ += Reap();
    }
  } while (fds[2].revents == 0);
}

void Family::KillAllAndDie(const char* what, int error_number) {
  for (std::uint64_t i = 0; i < forked_; ++i) {
    // A pid that is not our child any more was reaped and may be someone
    // else's by now.
    siginfo_t info = {};
    if (::waitid(P_PID, static_cast<id_t>(pids_[i]), &info,
                 WEXITED | WNOHANG | WNOWAIT) == 0)
      ::kill(pids_[i], SIGKILL);
  }
  Die(what, error_number);
}

}  // namespace oomlab::workloads
