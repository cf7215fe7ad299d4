// oomlab schema NAME: the JSON Schemas of scenarios, records and reports.

#ifndef OOMLAB_CLI_SCHEMA_COMMAND_H_
#define OOMLAB_CLI_SCHEMA_COMMAND_H_

#include <CLI/App.hpp>

namespace oomlab::cli {

// Adds the subcommand; when it runs it sets `exit_status`.
void AddSchemaCommand(CLI::App& app, int& exit_status);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_SCHEMA_COMMAND_H_
