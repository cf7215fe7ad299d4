#include "cli/kernel_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/errors.h"
#include "harness/kernel/store.h"

namespace oomlab::cli {
namespace {

using harness::Kernel;
using harness::KernelLine;
using harness::KernelStore;
using nlohmann::json;

struct Options {
  std::vector<std::string> names;
  bool local = false;
  bool as_json = false;
};

void ShowProgress(std::string_view line) { fmt::print(stderr, "{}\n", line); }

json ToJson(const Kernel& kernel) {
  return {{"name", kernel.name},
          {"release", kernel.release},
          {"package_version", kernel.package_version},
          {"sha256", kernel.sha256},
          {"path", kernel.path}};
}

void PrintJson(const std::vector<KernelLine>& lines) {
  json all = json::array();
  for (const KernelLine& line : lines) {
    json object = {{"name", line.name}, {"present", json::array()}};
    if (!line.package_version.empty())
      object["package_version"] = line.package_version;
    for (const Kernel& kernel : line.present)
      object["present"].push_back(ToJson(kernel));
    all.push_back(std::move(object));
  }
  const json document = {{"schema", "oomlab.kernels/1"}, {"lines", all}};
  fmt::print("{}\n", document.dump(2, ' ', true));
}

void PrintTable(const std::vector<KernelLine>& lines) {
  const auto dash = [](const std::string& text) {
    return text.empty() ? std::string("-") : text;
  };
  std::vector<std::vector<std::string>> rows = {{"LINE", "ARCHIVE", "HERE"}};
  for (const KernelLine& line : lines) {
    rows.push_back({line.name, dash(line.package_version),
                    line.present.empty() ? "-" : line.present[0].release});
    for (std::size_t i = 1; i < line.present.size(); ++i)
      rows.push_back({"", "", line.present[i].release});
  }
  std::size_t first = 0;
  std::size_t second = 0;
  for (const auto& row : rows) {
    first = std::max(first, row[0].size());
    second = std::max(second, row[1].size());
  }
  for (const auto& row : rows)
    fmt::print("{:{}}  {:{}}  {}\n", row[0], first, row[1], second, row[2]);
}

int List(const Options& options) {
  KernelStore store;
  const auto lines = store.List(!options.local, ShowProgress);
  if (lines && options.as_json) PrintJson(*lines);
  if (lines && !options.as_json) PrintTable(*lines);
  if (lines) return 0;
  // What is here can be told without the archive.
  const int status = PrintError(lines.error());
  fmt::print(stderr, "hint: oomlab kernel list --local\n");
  return status;
}

int Fetch(const Options& options) {
  KernelStore store;
  int status = 0;
  for (const std::string& name : options.names) {
    const Result<Kernel> kernel = store.Fetch(name, ShowProgress);
    if (kernel) {
      fmt::print(stderr, "{} is {}, SHA-256 {}\n", name, kernel->release,
                 kernel->sha256);
      fmt::print("{}\n", kernel->path);
    } else {
      status = std::max(status, PrintError(kernel.error()));
    }
  }
  return status;
}

int Path(const Options& options) {
  const KernelStore store;
  int status = 0;
  for (const std::string& name : options.names) {
    const Result<Kernel> kernel = store.Find(name);
    if (kernel)
      fmt::print("{}\n", kernel->path);
    else
      status = std::max(status, PrintError(kernel.error()));
  }
  return status;
}

int Remove(const Options& options) {
  KernelStore store;
  int status = 0;
  for (const std::string& name : options.names) {
    const auto removed = store.Remove(name);
    if (!removed) {
      status = std::max(status, PrintError(removed.error()));
      continue;
    }
    for (const Kernel& kernel : *removed)
      fmt::print("removed {}\n", kernel.release);
  }
  return status;
}

}  // namespace

void AddKernelCommand(CLI::App& app, int& exit_status) {
  // Shared by the callbacks, which CLI11 keeps as long as the App.
  const auto options = std::make_shared<Options>();
  CLI::App* kernel = app.add_subcommand(
      "kernel", "Kernels to run scenarios on: list, fetch, path, remove");
  kernel->require_subcommand(1);
  kernel->footer(
      "K is debian:6.12 (newest of that line), debian:6.12.95, debian:7 "
      "(newest 7.x),\ndebian:newest, a release as `kernel list` prints it "
      "(debian:6.12.95+deb12-cloud-amd64),\nhost, or a path to a bzImage.\n"
      "Kernels are kept in $XDG_CACHE_HOME/oomlab/kernels "
      "(~/.cache/oomlab/kernels).\n"
      "$OOMLAB_DEBIAN_MIRROR overrides the mirror that this machine's apt "
      "uses.");
  const auto add = [&](const char* name, const char* help,
                       int (*run)(const Options&)) {
    CLI::App* command = kernel->add_subcommand(name, help);
    command->callback(
        [options, run, &exit_status] { exit_status = run(*options); });
    return command;
  };
  CLI::App* list =
      add("list", "What the archive has and what is here, newest first", List);
  list->add_flag("--local", options->local, "Do not ask the archive");
  list->add_flag("--json", options->as_json, "Print JSON");
  for (CLI::App* command :
       {add("fetch", "Download the newest K unless it is here; print its path",
            Fetch),
        add("path", "Print the path of K, without a network", Path),
        add("remove", "Remove every kernel here that K can mean", Remove)})
    command->add_option("K", options->names, "Names of kernels")->required();
}

}  // namespace oomlab::cli
