#include "harness/vm/qemu_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cerrno>
#include <csignal>
#include <utility>

namespace oomlab::harness {
namespace {

namespace process = boost::process::v2;

// Runs in the child between fork and exec.
struct DieWithParent {
  pid_t parent = getpid();

  process::error_code on_exec_setup(process::posix::default_launcher&,
                                    const process::filesystem::path&,
                                    const char* const*) const {
    setpgid(0, 0);
    // A harness that waits for signals in one thread blocks them in all.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // Boost 1.81 means to close all others and misses those below its own pipe.
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before prctl.
    if (getppid() != parent) _exit(127);
    return {};
  }
  // The default is exit(3), which would run the harness's exit handlers.
  template <class... Ignored>
  void on_exec_error(Ignored&&...) const {
    _exit(127);
  }
};

Result<std::array<ScopedFd, 2>> Pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) {
    return FailErrno("cannot make a pipe", errno);
  }
  return std::array{ScopedFd(fds[0]), ScopedFd(fds[1])};
}

Result<QemuProcess::Handle> Launch(boost::asio::io_context& io,
                                   const std::string& program,
                                   const std::vector<std::string>& argv,
                                   process::process_stdio stdio) {
  process::posix::default_launcher launcher;
  process::error_code ec;
  const std::vector<std::string> args(argv.begin() + 1, argv.end());
  auto child =
      launcher(io.get_executor(), ec, program, args, DieWithParent{}, stdio);
  if (ec) {
    // Boost 1.81 leaves a child whose exec failed to be reaped by us.
    if (launcher.pid > 0) waitpid(launcher.pid, nullptr, 0);
    return FailErrno("cannot start " + program, ec.value());
  }
  return QemuProcess::Handle(io.get_executor(), child.detach().id());
}

}  // namespace

Result<std::string> FindQemu(const std::string& name) {
  std::string path = name;
  if (name.find('/') == std::string::npos) {
    path = process::environment::find_executable(name).string();
  }
  if (path.empty() || access(path.c_str(), X_OK) != 0) {
    return Fail(ErrorCode::kNotFound, fmt::format("cannot find {}", name),
                "on Debian: apt-get install qemu-system-x86");
  }
  return path;
}

Result<QemuProcess> StartQemu(boost::asio::io_context& io,
                              const std::vector<std::string>& argv) {
  const Result<std::string> program = FindQemu(argv.at(0));
  if (!program) return tl::unexpected(program.error());
  auto channel = Pipe();
  auto console = Pipe();
  auto errors = Pipe();
  for (const auto* ends : {&channel, &console, &errors}) {
    if (!*ends) return tl::unexpected(ends->error());
  }
  auto handle =
      Launch(io, *program, argv,
             {(*channel)[1].get(), (*console)[1].get(), (*errors)[1].get()});
  if (!handle) return tl::unexpected(handle.error());
  return QemuProcess{std::move(*handle), std::move((*channel)[0]),
                     std::move((*console)[0]), std::move((*errors)[0])};
}

Result<std::string> QemuVersion(const std::string& name) {
  const Result<std::string> program = FindQemu(name);
  if (!program) return tl::unexpected(program.error());
  auto out = Pipe();
  if (!out) return tl::unexpected(out.error());
  boost::asio::io_context io(1);
  auto handle = Launch(io, *program, {name, "--version"},
                       {nullptr, (*out)[1].get(), nullptr});
  if (!handle) return tl::unexpected(handle.error());
  (*out)[1].Reset();
  Result<std::string> text = ReadAll((*out)[0].get(), *program);
  int status = 0;
  process::error_code ec;
  handle->wait(status, ec);
  if (!text) return text;
  if (ec || status != 0 || text->find("version") == std::string::npos) {
    return Fail(ErrorCode::kSystem,
                fmt::format("{} --version does not say a version", *program));
  }
  return text->substr(0, text->find('\n'));
}

}  // namespace oomlab::harness
