// oomlab report RECORD...: renders stored runs again.

#ifndef OOMLAB_CLI_REPORT_COMMAND_H_
#define OOMLAB_CLI_REPORT_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand; when it runs it sets `exit_status`.
void AddReportCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_REPORT_COMMAND_H_
