// oomlab parse FILE...: the OOM reports in kernel logs, as JSON.

#ifndef OOMLAB_CLI_PARSE_COMMAND_H_
#define OOMLAB_CLI_PARSE_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand; when it runs it sets `exit_status`.
void AddParseCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_PARSE_COMMAND_H_
