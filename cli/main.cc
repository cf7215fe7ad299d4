// oomlab: the command. Each subcommand has its file; this one puts them
// together and turns what they return into an exit status.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "cli/kernel_command.h"
#include "cli/parse_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/schema_command.h"
#include "cli/version.h"

namespace {

int Main(int argc, char** argv) {
  CLI::App app{
      "Makes Linux run out of memory on purpose, the same way every time, and "
      "judges what the kernel did."};
  app.name("oomlab");
  app.set_version_flag("--version",
                       std::string("oomlab ") + oomlab::cli::kVersion);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 pass, 1 fail, 2 usage or bad scenario, 3 broken (the "
      "infrastructure failed), 4 unsupported.");
  int exit_status = 0;
  oomlab::cli::AddRunCommand(app, exit_status);
  oomlab::cli::AddParseCommand(app, exit_status);
  oomlab::cli::AddReportCommand(app, exit_status);
  oomlab::cli::AddKernelCommand(app, exit_status);
  oomlab::cli::AddSchemaCommand(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version are "errors" with status 0.
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::cerr << "error: cannot write to standard output\n";
    return exit_status == 0 ? 3 : exit_status;
  }
  return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bug: %s\n", error.what());
    std::abort();
  }
}
