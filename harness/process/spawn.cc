#include "harness/process/spawn.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace oomlab::harness {
namespace {

namespace bp = boost::process::v2;

// Where the protocol wants its pipes.
constexpr int kEventsFd = 3;
constexpr int kStartFd = 4;

struct Pipe {
  ScopedFd read, write;
};

Result<Pipe> MakePipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0)
    return FailErrno("cannot make a pipe", errno);
  // Out of the way of the child's descriptors 3 and 4.
  constexpr int kAbove = 10;
  Pipe pipe;
  pipe.read.Reset(::fcntl(fds[0], F_DUPFD_CLOEXEC, kAbove));
  pipe.write.Reset(::fcntl(fds[1], F_DUPFD_CLOEXEC, kAbove));
  ::close(fds[0]);
  ::close(fds[1]);
  if (!pipe.read.valid() || !pipe.write.valid())
    return FailErrno("cannot move a pipe's descriptor", errno);
  return pipe;
}

bp::error_code LastError() { return {errno, boost::system::system_category()}; }

// Boost.Process calls on_setup before the fork and on_exec_setup in the child,
// where only async-signal-safe calls are allowed.
struct JoinSandbox {
  int events_fd = -1;
  int start_fd = -1;
  int cgroup_procs_fd = -1;
  std::array<char, 16> score{};  // Text of oom_score_adj, made before the fork.
  std::size_t score_size = 0;

  template <class Launcher>
  bp::error_code on_setup(Launcher& launcher, const bp::filesystem::path&,
                          const char* const*) {
    launcher.fd_whitelist.push_back(kEventsFd);
    launcher.fd_whitelist.push_back(kStartFd);
    return {};
  }

  template <class Launcher>
  bp::error_code on_exec_setup(Launcher&, const bp::filesystem::path&,
                               const char* const*) {
    // "0" means "the writer", whatever PID namespace it is in.
    if (cgroup_procs_fd >= 0 && ::write(cgroup_procs_fd, "0", 1) != 1)
      return LastError();
    const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || ::write(fd, score.data(), score_size) !=
                      static_cast<ssize_t>(score_size))
      return LastError();
    ::close(fd);
    if (::dup2(events_fd, kEventsFd) < 0 || ::dup2(start_fd, kStartFd) < 0)
      return LastError();
    return {};
  }
};

}  // namespace

Result<ScopedFd> OpenPidfd(int pid) {
  ScopedFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd.valid())
    return FailErrno("cannot open a pidfd of process " + std::to_string(pid),
                     errno);
  return fd;
}

Result<Spawned> Spawn(const SpawnOptions& options) {
  Result<Pipe> events = MakePipe();
  if (!events) return tl::unexpected(events.error());
  Result<Pipe> start = MakePipe();
  if (!start) return tl::unexpected(start.error());
  if (::fcntl(events->read.get(), F_SETFL, O_NONBLOCK) != 0)
    return FailErrno("cannot make a pipe non-blocking", errno);

  JoinSandbox join{events->write.get(), start->read.get(),
                   options.cgroup_procs_fd};
  join.score_size = static_cast<std::size_t>(std::snprintf(
      join.score.data(), join.score.size(), "%d", options.oom_score_adj));

  // The launcher tells of a failed exec through a pipe of its own, which must
  // not get the numbers that the child's pipes are moved to.
  std::vector<ScopedFd> reserved;
  do {
    Result<ScopedFd> null = OpenFile("/dev/null", O_RDONLY);
    if (!null) return tl::unexpected(null.error());
    reserved.push_back(*std::move(null));
  } while (reserved.back().get() <= kStartFd);

  boost::asio::io_context context;
  bp::error_code error;
  bp::process child = bp::posix::default_launcher()(
      context.get_executor(), error, options.program, options.arguments, join);
  if (error) return FailErrno("cannot start " + options.program, error.value());
  Spawned spawned;
  spawned.pid = child.id();
  // The caller waits for it; Boost's handle would end it when it goes.
  child.detach();
  spawned.events = std::move(events->read);
  spawned.start = std::move(start->write);
  return spawned;
}

}  // namespace oomlab::harness
