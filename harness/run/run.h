// One run: from a scenario and a kernel to a judged record on disk.
//
//   RunRequest request{...};
//   Result<FinishedRun> run = RunInVm(request);
//   run->record.verdict          kPass
//   run->directory               oomlab-out/prefork-memcg-6.12.95+deb12-...
//
// The record directory exists before the guest starts and is complete, with a
// verdict, whatever happens to the guest.

#ifndef OOMLAB_HARNESS_RUN_RUN_H_
#define OOMLAB_HARNESS_RUN_RUN_H_

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "harness/kernel/store.h"
#include "harness/record/run_record.h"
#include "harness/scenario/scenario.h"
#include "harness/vm/accel.h"
#include "parser/report/oom_report.h"

namespace oomlab::harness {

// KVM or TCG for guests with this kernel; see harness/vm/accel.h.
[[nodiscard]] Result<AccelChoice> ChooseAccelFor(const Kernel& kernel,
                                                 AccelRequest request,
                                                 const std::stop_token& stop);

struct RunRequest {
  Scenario scenario;
  std::string scenario_path;
  std::string scenario_text;
  Kernel kernel;
  AccelChoice accel;
  std::string qemu_version;
  std::string out_directory;
  std::optional<double> deadline_s;  // Instead of the scenario's.
  std::string oomlab_version;
  std::stop_token stop;
};

struct FinishedRun {
  RunRecord record;
  std::vector<parser::OomReport> reports;
  std::string directory;
};

// Errors only where there is no record to put them in: the output directory
// cannot be made or written.
[[nodiscard]] Result<FinishedRun> RunInVm(const RunRequest& request);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RUN_RUN_H_
