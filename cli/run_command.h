// oomlab run SCENARIO...: runs each scenario on each kernel and judges it.

#ifndef OOMLAB_CLI_RUN_COMMAND_H_
#define OOMLAB_CLI_RUN_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand; when it runs it sets `exit_status`: 0 all passed, 1 an
// expectation failed, 2 a bad scenario or kernel name, 3 a run was broken or
// not made, 4 a run was unsupported.
void AddRunCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_RUN_COMMAND_H_
