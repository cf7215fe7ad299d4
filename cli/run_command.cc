#include "cli/run_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "cli/errors.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "harness/kernel/store.h"
#include "harness/record/run_record.h"
#include "harness/run/run.h"
#include "harness/scenario/load.h"
#include "harness/vm/accel.h"
#include "harness/vm/qemu_command.h"
#include "harness/vm/qemu_process.h"
#include "reports/terminal.h"

namespace oomlab::cli {
namespace {

using harness::Verdict;

constexpr const char* kDefaultKernel = "debian:6.12";

struct Options {
  std::vector<std::string> scenarios;
  std::vector<std::string> kernels;
  std::string accel = "auto";
  std::string out = "oomlab-out";
  std::optional<double> timeout_s;
  unsigned repeat = 1;
  bool dry_run = false;
  bool quiet = false;
};

struct LoadedScenario {
  std::string path;
  std::string text;
  harness::Scenario scenario;
};

// What is the same for all runs of one kernel.
struct Vm {
  harness::AccelChoice accel;
  std::string qemu_version;
};

struct Tally {
  unsigned pass = 0, fail = 0, broken = 0, unsupported = 0;
  int error_status = 0;  // Of an error that ended the series early.

  void Add(Verdict verdict) {
    switch (verdict) {
      case Verdict::kPass:
        ++pass;
        return;
      case Verdict::kFail:
        ++fail;
        return;
      case Verdict::kBroken:
        ++broken;
        return;
      case Verdict::kUnsupported:
        ++unsupported;
        return;
    }
  }

  [[nodiscard]] unsigned Runs() const {
    return pass + fail + broken + unsupported;
  }

  // A failed expectation outweighs a run that could not be judged, and that one
  // outweighs a run that was not possible here.
  [[nodiscard]] int ExitStatus() const {
    if (fail > 0) return harness::ExitStatus(Verdict::kFail);
    if (error_status != 0) return error_status;
    if (broken > 0) return harness::ExitStatus(Verdict::kBroken);
    if (unsupported > 0) return harness::ExitStatus(Verdict::kUnsupported);
    return harness::ExitStatus(Verdict::kPass);
  }
};

void PrintProgress(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

Result<std::vector<LoadedScenario>> LoadAll(
    const std::vector<std::string>& paths) {
  std::vector<LoadedScenario> all;
  for (const std::string& path : paths) {
    Result<std::string> text = ReadFile(path);
    if (!text) return tl::unexpected(text.error());
    Result<harness::Scenario> scenario = harness::LoadScenario(*text, path);
    if (!scenario) return tl::unexpected(scenario.error());
    all.push_back({path, *std::move(text), *std::move(scenario)});
  }
  return all;
}

Result<std::vector<harness::Kernel>> FindAll(
    const std::vector<std::string>& names) {
  harness::KernelStore store;
  std::vector<harness::Kernel> all;
  for (const std::string& name : names) {
    Result<harness::Kernel> kernel = store.FindOrFetch(name, PrintProgress);
    if (!kernel) return tl::unexpected(kernel.error());
    all.push_back(*std::move(kernel));
  }
  return all;
}

// Runs one scenario on one kernel once, prints it, and returns its verdict.
Result<Verdict> RunOne(const Options& options, const LoadedScenario& loaded,
                       const harness::Kernel& kernel, const Vm& vm,
                       const std::stop_token& stop) {
  harness::RunRequest request;
  request.scenario = loaded.scenario;
  request.scenario_path = loaded.path;
  request.scenario_text = loaded.text;
  request.kernel = kernel;
  request.accel = vm.accel;
  request.qemu_version = vm.qemu_version;
  request.out_directory = options.out;
  request.deadline_s = options.timeout_s;
  request.oomlab_version = kVersion;
  request.stop = stop;
  const Result<harness::FinishedRun> run = harness::RunInVm(request);
  if (!run) return tl::unexpected(run.error());
  const Verdict verdict = run->record.verdict.value_or(Verdict::kBroken);
  // What did not pass is explained however quiet it should be.
  const std::string text =
      options.quiet && verdict == Verdict::kPass
          ? reports::VerdictLine(run->record) + "\n"
          : reports::RenderRun(run->record, run->reports, StyleOf(stdout)) +
                "record: " + run->directory + "\n\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  return verdict;
}

// What this machine cannot do is no fault of the user's command line.
int PrintMachineError(const Error& error) {
  const int status = PrintError(error);
  return error.code == ErrorCode::kUnsupported
             ? status
             : harness::ExitStatus(Verdict::kBroken);
}

// Runs everything, or as much as can be: the tally says why it stopped.
Tally RunAll(const Options& options,
             const std::vector<LoadedScenario>& scenarios,
             const std::vector<harness::Kernel>& kernels,
             const std::stop_token& stop) {
  Tally tally;
  const auto stopped = [&tally](const Error& error) {
    tally.error_status = PrintMachineError(error);
    return tally;
  };
  const Result<std::string> qemu_version =
      harness::QemuVersion(harness::VmConfig{}.qemu);
  if (!qemu_version) return stopped(qemu_version.error());
  // CLI11 has checked the word.
  const harness::AccelRequest request =
      harness::ParseAccelRequest(options.accel)
          .value_or(harness::AccelRequest::kAuto);
  for (const harness::Kernel& kernel : kernels) {
    const Result<harness::AccelChoice> accel =
        harness::ChooseAccelFor(kernel, request, stop);
    if (!accel) return stopped(accel.error());
    const Vm vm{*accel, *qemu_version};
    for (const LoadedScenario& scenario : scenarios)
      for (unsigned i = 0; i < options.repeat; ++i) {
        if (stop.stop_requested())
          return stopped(
              {ErrorCode::kSystem, "interrupted: the rest was not run", ""});
        const Result<Verdict> verdict =
            RunOne(options, scenario, kernel, vm, stop);
        if (!verdict) return stopped(verdict.error());
        tally.Add(*verdict);
      }
  }
  return tally;
}

int Run(const Options& options) {
  const auto scenarios = LoadAll(options.scenarios);
  if (!scenarios) return PrintError(scenarios.error());
  const auto kernels =
      FindAll(options.kernels.empty() ? std::vector<std::string>{kDefaultKernel}
                                      : options.kernels);
  if (!kernels) return PrintError(kernels.error());
  if (options.dry_run) {
    for (const harness::Kernel& kernel : *kernels)
      for (const LoadedScenario& scenario : *scenarios)
        std::printf("%s on %s (%s), %u times\n", scenario.scenario.name.c_str(),
                    kernel.name.c_str(), kernel.release.c_str(),
                    options.repeat);
    return 0;
  }
  const InterruptWatch interrupts;
  const Tally tally = RunAll(options, *scenarios, *kernels, interrupts.token());
  if (tally.Runs() > 1)
    std::printf("%u runs: %u pass, %u fail, %u broken, %u unsupported\n",
                tally.Runs(), tally.pass, tally.fail, tally.broken,
                tally.unsupported);
  return tally.ExitStatus();
}

}  // namespace

void AddRunCommand(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand(
      "run", "Run scenarios on kernels and judge what the kernel did");
  const auto options = std::make_shared<Options>();
  command->add_option("SCENARIO", options->scenarios, "Scenario files (JSON)")
      ->required();
  command
      ->add_option("--kernel", options->kernels,
                   "debian:6.12, debian:6.12.95, or the path of a bzImage; may "
                   "be given several times [debian:6.12]")
      // One value each: what follows is a scenario.
      ->allow_extra_args(false);
  command
      ->add_option("--accel", options->accel,
                   "auto: KVM if a probe boots the kernel with it, else TCG")
      ->check(CLI::IsMember({"auto", "kvm", "tcg"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "Directory for the records")
      ->capture_default_str();
  command
      ->add_option("--timeout", options->timeout_s,
                   "Seconds that the load may take, instead of the scenario's "
                   "deadline_s; scaled by the speed of the VM")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--repeat", options->repeat,
                   "Runs of each scenario on each kernel")
      ->check(CLI::Range(1u, 100000u))
      ->capture_default_str();
  command->add_flag("--dry-run", options->dry_run,
                    "Check scenarios, fetch kernels that are missing, and say "
                    "what would run");
  command->add_flag("-q,--quiet", options->quiet,
                    "One line for each run that passes");
  command->callback([options, &exit_status] { exit_status = Run(*options); });
}

}  // namespace oomlab::cli
