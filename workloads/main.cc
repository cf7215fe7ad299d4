// oomlab-load: the load generator. See PROTOCOL.md.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <span>
#include <string_view>

#include "workloads/alone.h"
#include "workloads/control.h"
#include "workloads/kinds.h"
#include "workloads/options.h"
#include "workloads/patterns.h"

namespace oomlab::workloads {
namespace {

struct Kind {
  std::string_view name;
  void (*run)(const Options&);
};
constexpr auto kKinds = std::to_array<Kind>({
    {.name = "prefork", .run = RunPrefork},
    {.name = "alloc", .run = RunAlloc},
    {.name = "ramp", .run = RunRamp},
    {.name = "leak", .run = RunLeak},
    {.name = "shmem", .run = RunShmem},
    {.name = "pagecache", .run = RunPageCache},
    {.name = "filemap", .run = RunFileMap},
    {.name = "swap", .run = RunSwap},
    {.name = "forks", .run = RunForks},
    {.name = "threads", .run = RunThreads},
    {.name = "kernel", .run = RunKernel},
    {.name = "command", .run = RunCommand},
});

int Refuse(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  if (!error.hint.empty())
    std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  return kUsageStatus;
}

int Main(std::span<char* const> arguments) {
  if (arguments.empty() || arguments[0] == std::string_view("--help")) {
    std::fputs(HelpText().c_str(), arguments.empty() ? stderr : stdout);
    return arguments.empty() ? kUsageStatus : 0;
  }
  const Pattern* const pattern = FindPattern(arguments[0]);
  if (pattern == nullptr)
    return Refuse(
        {.code = ErrorCode::kUsage,
         .message = "unknown kind '" + std::string(arguments[0]) + "'",
         .hint = "see oomlab-load --help"});
  const std::span<char* const> rest = arguments.subspan(1);
  for (const std::string_view argument : rest) {
    if (argument == "--") break;
    if (argument != "--help") continue;
    std::fputs(HelpText(*pattern).c_str(), stdout);
    return 0;
  }
  const Result<Options> options = Options::Parse(*pattern, rest);
  if (!options) return Refuse(options.error());

  // A starter that has gone is noticed as an error of write(2).
  std::signal(SIGPIPE, SIG_IGN);
  if (!options->Has("control")) {
    LeaveSupervisor(options->Number("timeout"));
  } else if (::fcntl(kEventFd, F_GETFD) < 0 || ::fcntl(kStartFd, F_GETFD) < 0) {
    return Refuse({.code = ErrorCode::kUsage,
                   .message = "--control needs open descriptors 3 and 4",
                   .hint = "leave --control out to run by hand"});
  }
  for (const Kind& kind : kKinds)
    if (kind.name == pattern->name) kind.run(*options);
  return Refuse({.code = ErrorCode::kSystem,
                 .message = "bug: no program for the kind '" +
                            std::string(pattern->name) + "'",
                 .hint = {}});
}

}  // namespace
}  // namespace oomlab::workloads

int main(int argc, char** argv) {
  return oomlab::workloads::Main(
      {argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
}
