// oomlab kernel list|fetch|path|remove: the kernel store as a command.
//
//   $ oomlab kernel list
//   LINE          ARCHIVE            HERE
//   debian:7.2    7.2.13-1           -
//   debian:6.12   6.12.117-1         6.12.117+deb13-cloud-amd64
//   $ oomlab kernel fetch debian:6.12
//   /home/me/.cache/oomlab/kernels/6.12.117+deb13-cloud-amd64/vmlinuz

#ifndef OOMLAB_CLI_KERNEL_COMMAND_H_
#define OOMLAB_CLI_KERNEL_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand to `app`. When it is the one asked for, it runs during
// parsing (a CLI11 callback) and sets `exit_status`: 0, 2 for a name that
// cannot be meant or does not exist, 3 when the archive or the disk failed,
// 4 when this machine has no apt. `exit_status` must outlive the parsing.
void AddKernelCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_KERNEL_COMMAND_H_
