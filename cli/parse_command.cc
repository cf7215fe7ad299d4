#include "cli/parse_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "cli/errors.h"
#include "parser/parse.h"
#include "parser/report/json.h"

namespace oomlab::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string format = "json";
};

Result<std::string> ReadInput(const std::string& file) {
  return file == "-" ? ReadAll(STDIN_FILENO, "standard input") : ReadFile(file);
}

int Run(const Options& options) {
  std::vector<parser::OomReport> reports;
  int exit_status = 0;
  for (const std::string& file : options.files) {
    const Result<std::string> text = ReadInput(file);
    if (!text) {
      exit_status = PrintError(text.error());
      continue;
    }
    for (parser::OomReport& report : parser::ParseLog(*text))
      reports.push_back(std::move(report));
  }
  std::string out;
  if (options.format == "ndjson") {
    for (const parser::OomReport& report : reports) {
      parser::AppendReportJson(report, true, out);
      out += "\n";
    }
  } else {
    out = parser::WriteReportsJson(reports) + "\n";
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return exit_status;
}

}  // namespace

void AddParseCommand(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand(
      "parse", "Find the OOM reports in kernel logs and print them as JSON");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("FILE", options->files,
                   "Logs of any kind; - is standard input")
      ->required();
  command
      ->add_option("--format", options->format,
                   "json: one object; ndjson: one report a line")
      ->check(CLI::IsMember({"json", "ndjson"}))
      ->capture_default_str();
  command->callback([options, &exit_status] { exit_status = Run(*options); });
}

}  // namespace oomlab::cli
