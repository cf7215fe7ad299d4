#include "workloads/alone.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "workloads/control.h"

namespace oomlab::workloads {
namespace {

constexpr int kStatusSystemError = 3;
constexpr int kFirstFreeFd = 10;

struct Channel {
  int events_read;
  int events_write;
  int start_read;
  int start_write;
};

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "error: cannot %s: %s\n", what, strerrorname_np(errno));
  ::_exit(kStatusSystemError);
}

int MoveUp(int fd) {
  const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstFreeFd);
  if (moved < 0) Fail("move a descriptor");
  ::close(fd);
  return moved;
}

Channel MakeChannel() {
  std::array<int, 2> events = {};
  std::array<int, 2> start = {};
  if (::pipe2(events.data(), O_CLOEXEC) != 0 ||
      ::pipe2(start.data(), O_CLOEXEC) != 0)
    Fail("make a pipe");
  return {.events_read = MoveUp(events[0]),
          .events_write = MoveUp(events[1]),
          .start_read = MoveUp(start[0]),
          .start_write = MoveUp(start[1])};
}

// Finds "\nready " in a stream of which it sees one piece after the other.
class ReadyFinder {
 public:
  bool Find(std::string_view piece) {
    constexpr std::string_view kWord = "ready ";
    for (const char c : piece) {
      if (c == '\n') {
        matched_ = 0;
      } else if (matched_ < kWord.size()) {
        matched_ = c == kWord[matched_] ? matched_ + 1 : kWord.size() + 1;
        if (matched_ == kWord.size()) return true;
      }
    }
    return false;
  }

 private:
  std::size_t matched_ = 0;
};

// Ends every process of the workload: they end by themselves when nobody reads
// their events. As the subreaper this process sees the last of them go.
int EndAll(Channel& channel, pid_t first) {
  ::close(channel.events_read);
  if (channel.start_write >= 0) ::close(channel.start_write);
  int first_status = 0;
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, 0);
    if (pid == first) first_status = status;
    if (pid < 0 && errno == ECHILD) break;
  }
  if (WIFEXITED(first_status)) return WEXITSTATUS(first_status);
  return 128 + WTERMSIG(first_status);
}

[[noreturn]] void Supervise(Channel channel, int signals, pid_t first,
                            std::uint64_t timeout_s) {
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  itimerspec when = {};
  when.it_value.tv_sec = static_cast<time_t>(timeout_s);
  if (timer < 0 || ::timerfd_settime(timer, 0, &when, nullptr) != 0)
    Fail("set a timer");

  std::array<pollfd, 3> fds = {
      {{.fd = channel.events_read, .events = POLLIN, .revents = 0},
       {.fd = signals, .events = POLLIN, .revents = 0},
       {.fd = timer, .events = POLLIN, .revents = 0}}};
  ReadyFinder ready;
  std::array<char, 4096> piece = {};
  for (;;) {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[1].revents != 0 || fds[2].revents != 0) break;
    const ssize_t n = ::read(channel.events_read, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const std::string_view text(piece.data(), static_cast<std::size_t>(n));
    // Nobody may be listening; the workload runs on.
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    if (channel.start_write >= 0 && ready.Find(text)) {
      ::close(channel.start_write);
      channel.start_write = -1;
    }
  }
  ::_exit(EndAll(channel, first));
}

}  // namespace

void LeaveSupervisor(std::uint64_t timeout_s) {
  Channel channel = MakeChannel();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);

  sigset_t ending;
  sigset_t before;
  ::sigemptyset(&ending);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    ::sigaddset(&ending, signal);
  ::sigprocmask(SIG_BLOCK, &ending, &before);
  int signals = ::signalfd(-1, &ending, SFD_CLOEXEC);
  if (signals < 0) Fail("make a signalfd");
  signals = MoveUp(signals);  // Out of the way of descriptors 3 and 4.

  const pid_t first = ::fork();
  if (first < 0) Fail("fork");
  if (first == 0) {
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (::dup2(channel.events_write, kEventFd) < 0 ||
        ::dup2(channel.start_read, kStartFd) < 0)
      Fail("place descriptors 3 and 4");
    for (const int fd : {channel.events_read, channel.events_write,
                         channel.start_read, channel.start_write, signals})
      ::close(fd);
    return;
  }
  ::close(channel.events_write);
  ::close(channel.start_read);
  Supervise(channel, signals, first, timeout_s);
}

}  // namespace oomlab::workloads
