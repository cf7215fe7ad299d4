// Runs a program to its end and keeps what it printed.
//
//   auto run = RunCommand({.program = "apt-get", .arguments = {"-q",
//   "update"}}); if (!run) ...                  // it could not be started if
//   (run->exit_status != 0) ... // run->stderr_text says why
//
// The program gets an empty stdin, this environment with LC_ALL=C (so that its
// words can be read), and SIGTERM when this process dies.

#ifndef OOMLAB_HARNESS_KERNEL_COMMAND_H_
#define OOMLAB_HARNESS_KERNEL_COMMAND_H_

#include <string>
#include <vector>

#include "base/result.h"

namespace oomlab::harness {

struct Command {
  std::string program;  // With '/', or looked up in PATH.
  std::vector<std::string> arguments;
  std::string directory = "/";  // Where it runs.
};

struct CommandResult {
  int exit_status = 0;  // 128 + the signal's number when a signal ended it.
  std::string stdout_text;
  std::string stderr_text;
};

// Errors: kUnsupported when there is no such program, kSystem when it cannot
// be started. A program that fails is not an error here.
[[nodiscard]] Result<CommandResult> RunCommand(const Command& command);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_COMMAND_H_
