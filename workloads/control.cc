#include "workloads/control.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <ctime>

namespace oomlab::workloads {
namespace {

// One event. 160 bytes hold every line but long errors, which are cut: well
// below the 512 that the protocol allows, since the stack is measured too.
class Line {
 public:
  Line& Text(std::string_view text) {
    const std::size_t size = std::min(text.size(), Room());
    std::memcpy(buffer_.data() + size_, text.data(), size);
    size_ += size;
    return *this;
  }

  template <class Integer>
  Line& Number(Integer number) {
    std::array<char, 24> digits;  // NOLINT(*-member-init): filled by to_chars
    const auto [end, ec] =
        std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return Text({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  void Send(int fd) {
    buffer_[size_++] = '\n';
    while (::write(fd, buffer_.data(), size_) < 0)
      if (errno != EINTR) break;
  }

  // EPIPE: the starter has gone.
  void SendEvent() {
    errno = 0;
    Send(kEventFd);
    if (errno == EPIPE) ::_exit(0);
  }

 private:
  [[nodiscard]] std::size_t Room() const { return buffer_.size() - 1 - size_; }

  std::array<char, 160> buffer_ = {};
  std::size_t size_ = 0;
};

// Whether `revents` of descriptor 3 says that its reader has gone: POLLERR for
// a pipe, POLLHUP for a socket, POLLNVAL when it was closed.
bool IsGone(short revents) {
  return (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

constexpr std::uint64_t kNsPerMs = 1000000;
constexpr std::uint64_t kNsPerS = 1000000000;

std::uint64_t NowNs() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kNsPerS +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void WaitUntilNs(std::uint64_t end_ns) {
  for (;;) {
    EndIfAbandoned();
    const std::uint64_t now_ns = NowNs();
    if (now_ns >= end_ns) return;
    const timespec left = {
        .tv_sec = static_cast<time_t>((end_ns - now_ns) / kNsPerS),
        .tv_nsec = static_cast<long>((end_ns - now_ns) % kNsPerS)};
    pollfd fd = {.fd = kEventFd, .events = 0, .revents = 0};
    (void)::ppoll(&fd, 1, &left, nullptr);
  }
}

}  // namespace

void SayProcess(Role role, std::uint64_t index, bool active) {
  Line()
      .Text("process role=")
      .Text(role == Role::kParent ? "parent" : "worker")
      .Text(" index=")
      .Number(index)
      .Text(" pid=")
      .Number(::getpid())
      .Text(active ? " active=1" : " active=0")
      .SendEvent();
}

void SayReady() { Line().Text("ready pid=").Number(::getpid()).SendEvent(); }

void SayDone(Outcome outcome, std::uint64_t bytes) {
  Line()
      .Text("done pid=")
      .Number(::getpid())
      .Text(outcome == Outcome::kReached ? " result=reached bytes="
                                         : " result=enomem bytes=")
      .Number(bytes)
      .SendEvent();
}

void SayExited(pid_t pid, int code, int status) {
  Line()
      .Text("exited pid=")
      .Number(pid)
      .Text(code == CLD_EXITED ? " code=" : " signal=")
      .Number(status)
      .SendEvent();
}

void Die(std::string_view what, int error_number) {
  const char* const name =
      error_number == 0 ? nullptr : strerrorname_np(error_number);
  for (const int fd : {kEventFd, STDERR_FILENO}) {
    Line line;
    line.Text(fd == kEventFd ? "error " : "error: ").Text(what);
    if (name != nullptr) line.Text(": ").Text(name);
    line.Send(fd);
  }
  ::_exit(kUsageStatus);
}

void AwaitStart() {
  std::array<pollfd, 2> fds = {
      {{.fd = kEventFd, .events = 0, .revents = 0},
       {.fd = kStartFd, .events = POLLIN, .revents = 0}}};
  do {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (IsGone(fds[0].revents)) ::_exit(0);
  } while (fds[1].revents == 0);
  ::close(kStartFd);
}

void ForgetStart() { ::close(kStartFd); }

bool IsAbandoned() {
  pollfd fd = {.fd = kEventFd, .events = 0, .revents = 0};
  return ::poll(&fd, 1, 0) > 0 && IsGone(fd.revents);
}

void AwaitAbandonment() {
  pollfd fd = {.fd = kEventFd, .events = 0, .revents = 0};
  while (::poll(&fd, 1, -1) < 0 || !IsGone(fd.revents)) {
  }
}

void EndIfAbandoned() {
  if (IsAbandoned()) ::_exit(0);
}

void PauseMs(std::uint64_t ms) {
  if (ms != 0) WaitUntilNs(NowNs() + ms * kNsPerMs);
}

Moment::Moment(std::uint64_t ms_from_now)
    : at_ns_(ms_from_now == 0 ? UINT64_MAX : NowNs() + ms_from_now * kNsPerMs) {
}

bool Moment::Passed() const {
  return at_ns_ != UINT64_MAX && NowNs() >= at_ns_;
}

void Moment::Await() const {
  if (at_ns_ == UINT64_MAX) HoldUntilKilled();
  WaitUntilNs(at_ns_);
}

void Schedule::AwaitNext() {
  next_ns_ = (next_ns_ == 0 ? NowNs() : next_ns_) + period_ns_;
  WaitUntilNs(next_ns_);
}

void HoldUntilKilled() {
  AwaitAbandonment();
  ::_exit(0);
}

}  // namespace oomlab::workloads
