#include "cli/schema_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "harness/record/schema.h"
#include "harness/scenario/schema.h"
#include "parser/report/schema.h"

namespace oomlab::cli {

void AddSchemaCommand(CLI::App& app, int& exit_status) {
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of a file format");
  const auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "scenario, record or report")
      ->required()
      ->check(CLI::IsMember({"scenario", "record", "report"}));
  command->callback([name, &exit_status] {
    std::string_view text = harness::RecordSchema();
    if (*name == "scenario") text = harness::ScenarioSchema();
    if (*name == "report") text = parser::ReportSchema();
    std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
    exit_status = 0;
  });
}

}  // namespace oomlab::cli
