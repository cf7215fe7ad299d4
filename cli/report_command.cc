#include "cli/report_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/errors.h"
#include "cli/terminal.h"
#include "harness/record/record_dir.h"
#include "harness/record/run_record.h"
#include "parser/parse.h"
#include "reports/terminal.h"

namespace oomlab::cli {
namespace {

int Run(const std::vector<std::string>& directories) {
  int exit_status = 0;
  for (const std::string& directory : directories) {
    const auto record = harness::ReadRecord(directory);
    if (!record) {
      exit_status = PrintError(record.error());
      continue;
    }
    const std::string text = reports::RenderRun(
        *record, parser::ParseLog(record->observation.kernel_log),
        StyleOf(stdout));
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return exit_status;
}

}  // namespace

void AddReportCommand(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("report", "Render stored runs again");
  const auto directories = std::make_shared<std::vector<std::string>>();
  command
      ->add_option("RECORD", *directories,
                   "Directories of runs, as `oomlab run` names them")
      ->required();
  command->callback(
      [directories, &exit_status] { exit_status = Run(*directories); });
}

}  // namespace oomlab::cli
