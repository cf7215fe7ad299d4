// kernel: memory of the kernel itself, charged to the process's cgroup but in
// nobody's RSS: data in pipes, data in sockets, inodes and dentries of empty
// files. Killing what has the most RSS frees none of it.

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <string_view>

#include "workloads/control.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/task.h"

namespace oomlab::workloads {
namespace {

constexpr int kPipeBytes = 1 << 20;
constexpr int kSocketBytes = 4 << 20;

void AllowManyDescriptors() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Fills one pipe or socket without waiting; returns how much fitted.
std::uint64_t Fill(int fd, std::uint64_t bytes) {
  static constexpr std::array<char, 4096> kPage = {1};
  std::uint64_t done = 0;
  while (done < bytes) {
    const ssize_t n = ::write(
        fd, kPage.data(), std::min<std::uint64_t>(kPage.size(), bytes - done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::uint64_t>(n);
  }
  EndIfAbandoned();
  return done;
}

// Data stays in a pipe or socket as long as its reader is open.
class QueueTask final : public Task {
 public:
  explicit QueueTask(const Options& options)
      : pipes_(options.Is("type", "pipes")),
        bytes_(RoundToPages(options.Number("bytes"))) {}

  void Prepare() override { AllowManyDescriptors(); }

  Taken Take() override {
    std::uint64_t done = 0;
    while (done < bytes_) {
      std::array<int, 2> ends = {};  // Reader, writer.
      if (!Open(ends)) return {Outcome::kEnomem, done};
      const std::uint64_t filled = Fill(ends[1], bytes_ - done);
      done += filled;
      if (pipes_) ::close(ends[1]);
      if (filled == 0) return {Outcome::kEnomem, done};
    }
    return {Outcome::kReached, done};
  }

 private:
  bool Open(std::array<int, 2>& ends) const {
    if (pipes_) {
      if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return false;
      // What is refused leaves the pipe at its usual size.
      (void)::fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);
      return true;
    }
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                     ends.data()) != 0)
      return false;
    (void)::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &kSocketBytes,
                       sizeof(kSocketBytes));
    return true;
  }

  bool pipes_;
  std::uint64_t bytes_;
};

// Files 0, 1, 2, ... in a directory of its own.
class DentriesTask final : public Task {
 public:
  explicit DentriesTask(const Options& options)
      : parent_(options.Text("path")), count_(options.Number("count")) {}

  void Prepare() override {
    std::snprintf(path_.data(), path_.size(), "%.*s/oomlab-load.%d",
                  static_cast<int>(parent_.size()), parent_.data(), ::getpid());
    if (::mkdir(path_.data(), 0700) != 0)
      Die("cannot make a directory in the directory of --path", errno);
    directory_ = ::open(path_.data(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_ < 0) Die("cannot open the directory of its own", errno);
  }

  Taken Take() override {
    for (; made_ < count_; ++made_) {
      if (IsAbandoned()) CleanUpAndExit();
      const int fd = ::openat(directory_, Name(made_).data(),
                              O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (fd < 0) return {Outcome::kEnomem, 0};
      ::close(fd);
    }
    return {Outcome::kReached, 0};
  }

  // A worker that is killed leaves its files.
  void Hold() override {
    AwaitAbandonment();
    CleanUpAndExit();
  }

 private:
  using FileName = std::array<char, 24>;

  static FileName Name(std::uint64_t number) {
    FileName name = {};
    std::snprintf(name.data(), name.size(), "%llu",
                  static_cast<unsigned long long>(number));
    return name;
  }

  [[noreturn]] void CleanUpAndExit() {
    while (made_ > 0) ::unlinkat(directory_, Name(--made_).data(), 0);
    ::rmdir(path_.data());
    ::_exit(0);
  }

  std::string_view parent_;
  std::uint64_t count_;
  std::uint64_t made_ = 0;
  std::array<char, PATH_MAX> path_ = {};
  int directory_ = -1;
};

}  // namespace

void RunKernel(const Options& options) {
  const bool dentries = options.Is("type", "dentries");
  if (dentries != options.Has("count") || dentries == options.Has("bytes"))
    Die("kernel: pipes and sockets take --bytes, dentries take --count", 0);
  if (dentries) {
    DentriesTask task(options);
    RunTask(options, task);
  }
  QueueTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
