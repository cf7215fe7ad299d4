#include "harness/run/run.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/fd.h"
#include "harness/agent/guest_files.h"
#include "harness/agent/message.h"
#include "harness/judge/judge.h"
#include "harness/kernel/sha256.h"
#include "harness/record/record_dir.h"
#include "harness/run/replay.h"
#include "harness/vm/direct_kernel.h"
#include "harness/vm/host_tsc.h"
#include "harness/vm/initramfs.h"
#include "harness/vm/qemu_command.h"
#include "harness/vm/vm_run.h"
#include "parser/parse.h"

namespace oomlab::harness {
namespace {

// A guest on bare metal speaks about so long after QEMU starts. A guest that
// takes longer to boot runs its load slower in proportion, and gets more time.
constexpr double kBareMetalBootS = 0.5;
// However fast the boot: loading, snapshots and the log take time of their own.
constexpr double kLeastDeadlineS = 10;
// A guest that prints and never gets to its init: much longer than any boot.
constexpr double kLongestBootS = 600;

std::string Rfc3339Now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

std::string CpuModel() {
  const std::string cpuinfo = ReadFile("/proc/cpuinfo").value_or("");
  const auto name = cpuinfo.find("model name");
  if (name == std::string::npos) return {};
  const auto value = cpuinfo.find(": ", name);
  return cpuinfo.substr(value + 2, cpuinfo.find('\n', value) - value - 2);
}

RunContext DescribeContext(const RunRequest& request) {
  RunContext context;
  context.oomlab_version = request.oomlab_version;
  context.started_at = Rfc3339Now();
  utsname host{};
  ::uname(&host);
  context.host_kernel = host.release;
  context.host_cpu = CpuModel();
  context.host_cpus = std::thread::hardware_concurrency();
  context.kernel_name = request.kernel.name;
  context.kernel_path = request.kernel.path;
  context.kernel_release = request.kernel.release;
  context.kernel_package_version = request.kernel.package_version;
  context.kernel_sha256 = request.kernel.sha256;
  context.accel = VmAccelName(request.accel.accel);
  context.accel_reason = request.accel.reason;
  context.qemu_version = request.qemu_version;
  return context;
}

Broken Describe(const VmOutcome& outcome) {
  switch (outcome.end) {
    case VmEnd::kBootFailed:
      return {BrokenCause::kBootFailed, outcome.message};
    case VmEnd::kGuestPanic:
      return {BrokenCause::kGuestPanic, outcome.message};
    case VmEnd::kGuestLeft:
      return {BrokenCause::kAgent, outcome.message};
    case VmEnd::kQemuDied:
      return {BrokenCause::kQemuDied, outcome.message};
    case VmEnd::kDeadline:
      return {BrokenCause::kDeadline, outcome.message};
    case VmEnd::kFinished:
    case VmEnd::kCancelled:
    case VmEnd::kHost:
      break;
  }
  return {BrokenCause::kHost, outcome.message};
}

VmMachine MachineOf(const Scenario& scenario) {
  return scenario.machine.type == Machine::Type::kQ35 ? VmMachine::kQ35
                                                      : VmMachine::kMicrovm;
}

class VmRun {
 public:
  VmRun(const RunRequest& request, RecordDir directory, RunRecord& record)
      : request_(request),
        directory_(std::move(directory)),
        record_(record),
        initramfs_path_(directory_.path() + "/initramfs.cpio") {}

  void Execute() {
    if (Result<> written = WriteInitramfs(); !written) {
      record_.broken = Broken{BrokenCause::kHost, written.error().message};
      return;
    }
    const VmOutcome outcome = RunVm(
        Config(), Deadlines(),
        [this](const nlohmann::json& message) { Take(message); },
        request_.stop);
    std::error_code ignored;
    std::filesystem::remove(initramfs_path_, ignored);
    Keep(outcome);
  }

 private:
  Result<> WriteInitramfs() const {
    const Result<std::string> archive = BuildInitramfs({
        {"init", 0755, std::string(GuestInitProgram())},
        {"oomlab-load", 0755, std::string(LoadProgram())},
        {"scenario.json", 0644, request_.scenario_text},
    });
    if (!archive) return tl::unexpected(archive.error());
    return ReplaceFile(initramfs_path_, *archive);
  }

  VmConfig Config() const {
    VmConfig config;
    config.kernel_path =
        DirectKernel(request_.kernel.path, request_.kernel.sha256);
    config.initramfs_path = initramfs_path_;
    config.memory_bytes = request_.scenario.machine.memory_bytes;
    config.cpus = request_.scenario.machine.cpus;
    config.machine = MachineOf(request_.scenario);
    config.accel = request_.accel.accel;
    config.tsc_khz = HostTscKhz();
    config.console_log_path = directory_.console_path();
    return config;
  }

  VmDeadlines Deadlines() const {
    VmDeadlines deadlines;
    const double wanted =
        request_.deadline_s.value_or(request_.scenario.deadline_s);
    deadlines.run = VmDeadlines::Seconds(std::max(wanted, kLeastDeadlineS));
    deadlines.run_per_boot = wanted / kBareMetalBootS;
    deadlines.boot = VmDeadlines::Seconds(kLongestBootS);
    return deadlines;
  }

  void Take(const nlohmann::json& message) {
    if (Result<> applied = ApplyMessage(Json(message), record_.observation);
        !applied && !damage_)
      damage_ = applied.error().message;
  }

  void Keep(const VmOutcome& outcome) {
    record_.context.qemu_command = outcome.argv;
    record_.times = {outcome.boot_s, outcome.run_s, outcome.total_s};
    // A finished guest did not panic, whatever its console says.
    if (outcome.end == VmEnd::kGuestPanic)
      record_.console_panic = outcome.panic_line;
    if (outcome.end != VmEnd::kFinished) {
      record_.broken = Describe(outcome);
    } else if (!outcome.channel_faults.empty()) {
      record_.broken =
          Broken{BrokenCause::kChannel, outcome.channel_faults.front().message};
    } else if (damage_) {
      record_.broken = Broken{BrokenCause::kChannel, *damage_};
    }
    if (record_.context.kernel_release.empty() && record_.observation.guest)
      record_.context.kernel_release = record_.observation.guest->release;
  }

  const RunRequest& request_;
  RecordDir directory_;
  RunRecord& record_;
  std::string initramfs_path_;
  std::optional<std::string> damage_;  // First message that made no sense.
};

}  // namespace

Result<AccelChoice> ChooseAccelFor(const Kernel& kernel, AccelRequest request,
                                   const std::stop_token& stop) {
  // The agent without a scenario: it says hello, and that is all that is asked.
  const Result<std::string> archive =
      BuildInitramfs({{"init", 0755, std::string(GuestInitProgram())}});
  if (!archive) return tl::unexpected(archive.error());
  std::string path =
      (std::filesystem::temp_directory_path() / "oomlab-probe-XXXXXX").string();
  const ScopedFd file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file.valid()) return FailErrno("cannot make " + path, errno);
  AccelProbe probe;
  probe.config.kernel_path = kernel.path;
  probe.config.initramfs_path = path;
  probe.config.tsc_khz = HostTscKhz();
  probe.kernel_sha256 = kernel.sha256;
  Result<AccelChoice> choice = Fail(ErrorCode::kSystem, "no probe");
  if (Result<> written = WriteAll(file.get(), *archive, path); !written)
    choice = tl::unexpected(written.error());
  else
    choice = ChooseAccel(request, probe, stop);
  ::unlink(path.c_str());
  return choice;
}

Result<FinishedRun> RunInVm(const RunRequest& request) {
  FinishedRun run;
  RunRecord& record = run.record;
  record.context = DescribeContext(request);
  record.context.machine_type = VmMachineName(MachineOf(request.scenario));
  record.scenario_name = request.scenario.name;
  record.scenario_path = request.scenario_path;
  record.scenario_text = request.scenario_text;
  Sha256 hash;
  hash.Add(request.scenario_text);
  record.scenario_sha256 = hash.Hex();

  Result<RecordDir> directory =
      RecordDir::Create(request.out_directory, record);
  if (!directory) return tl::unexpected(directory.error());
  run.directory = directory->path();
  record.context.replay_command = ReplayCommand(
      run.directory, request.kernel, record.context.accel, request.deadline_s);
  VmRun(request, *directory, record).Execute();
  run.reports = parser::ParseLog(record.observation.kernel_log);
  Judge(request.scenario, run.reports, record);
  record.status = "complete";
  if (Result<> finished = directory->Finish(record); !finished)
    return tl::unexpected(finished.error());
  return run;
}

}  // namespace oomlab::harness
