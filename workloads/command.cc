// command: any program as a workload.
//
//   oomlab-load command -- LANG=C /usr/bin/python3 -c '...'
//
// Words before the program that hold a '=' are put into its environment. The
// program runs after the start signal (or before ready) with descriptors 3 and
// 4 closed. It knows nothing of the starter: the parent ends it when the
// starter goes, and the kernel does when the parent goes.

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "workloads/control.h"
#include "workloads/family.h"
#include "workloads/kinds.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

// After the '=' words; nothing when there is none.
char* const* FindProgram(char* const* words) {
  while (*words != nullptr && std::strchr(*words, '=') != nullptr) ++words;
  return *words == nullptr ? nullptr : words;
}

[[noreturn]] void Execute(const Options& options) {
  char* const* words = options.command();
  char* const* const program = FindProgram(words);
  for (; words != program; ++words) ::putenv(*words);
  ::fcntl(kEventFd, F_SETFD, FD_CLOEXEC);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  ::execvp(program[0], program);
  Die("cannot execute the program", errno);
}

}  // namespace

void RunCommand(const Options& options) {
  if (options.command() == nullptr || FindProgram(options.command()) == nullptr)
    Die("command: give a program and its arguments after --", 0);
  const bool at_ready = options.Is("take-at", "ready");
  const pid_t parent = ::getpid();

  Enter(options, Role::kParent, 0, /*active=*/false);
  Family family(options.Number("workers"));
  if (const std::optional<std::uint64_t> index = family.Fork()) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);  // It has gone before that.
    Enter(options, Role::kWorker, *index, /*active=*/!at_ready);
    family.Arrive();
    if (at_ready) {
      ForgetStart();
    } else {
      AwaitStart();
    }
    Execute(options);
  }
  family.AwaitWorkers();
  SayReady();
  ForgetStart();
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
