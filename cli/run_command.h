// oomlab run SCENARIO...: runs each scenario on each kernel and judges it.

#ifndef OOMLAB_CLI_RUN_COMMAND_H_
#define OOMLAB_CLI_RUN_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand; when it runs it sets `exit_status` to the worst verdict:
// 0 pass, 1 fail, 2 bad scenario, 3 broken, 4 unsupported.
void AddRunCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_RUN_COMMAND_H_
