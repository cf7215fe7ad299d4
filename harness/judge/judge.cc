#include "harness/judge/judge.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "harness/judge/findings.h"
#include "harness/judge/witness.h"

namespace oomlab::harness {
namespace {

// What the guest's panic means to the scenario; nullopt: it is what was wanted.
std::optional<Broken> PanicAsFault(bool expected, const std::string& panic) {
  if (expected && IsOomPanic(panic)) return std::nullopt;
  return Broken{BrokenCause::kGuestPanic,
                (expected ? "the guest panicked, but not for want of memory: "
                          : "the guest panicked: ") +
                    panic};
}

// A load that did not do its part: nothing can be said of the kernel then.
std::optional<std::string> LoadFault(const Observation& seen) {
  constexpr int kSigkill = 9;
  bool killed = false;
  for (const ProcessObservation& process : seen.processes) {
    if (process.exit_signal == kSigkill) {
      killed = true;
    } else if (!process.Alive()) {
      return process.Id() + " ended by itself: " +
             (process.exit_signal
                  ? "signal " + std::to_string(*process.exit_signal)
                  : "exit status " + std::to_string(*process.exit_code));
    }
  }
  const bool went =
      std::any_of(seen.phases.begin(), seen.phases.end(),
                  [](const Phase& phase) { return phase.name == "go"; });
  if (!went && !killed) return "the load never got the start signal";
  return std::nullopt;
}

// What the agent itself reports as wrong.
std::optional<Broken> AgentFault(const Observation& seen) {
  if (!seen.agent_errors.empty()) {
    std::string message = seen.agent_errors[0];
    if (seen.agent_errors.size() > 1)
      message += " (and " + std::to_string(seen.agent_errors.size() - 1) +
                 " more errors)";
    return Broken{BrokenCause::kAgent, message};
  }
  if (!seen.finished)
    return Broken{BrokenCause::kChannel,
                  "the agent never said that it was through"};
  if (const auto fault = LoadFault(seen))
    return Broken{BrokenCause::kAgent, *fault};
  if (seen.kernel_log_lost != 0)
    return Broken{BrokenCause::kKernelLogLost,
                  std::to_string(seen.kernel_log_lost) +
                      " records of the kernel log were overwritten before they "
                      "were read"};
  return std::nullopt;
}

void SetBroken(RunRecord& record, Broken broken) {
  record.broken = std::move(broken);
  record.verdict = Verdict::kBroken;
}

}  // namespace

void Judge(const Scenario& scenario,
           const std::vector<parser::OomReport>& reports, RunRecord& record) {
  const Observation& seen = record.observation;
  record.verdict.reset();
  record.findings.clear();
  // An earlier judgement is made anew.
  if (record.broken && record.broken->cause == BrokenCause::kWitness)
    record.broken.reset();

  const bool panic_expected = scenario.expect.outcome == "panic";
  const bool panicked = record.console_panic.has_value();
  if (panicked &&
      (!record.broken || record.broken->cause == BrokenCause::kGuestPanic))
    record.broken = PanicAsFault(panic_expected, *record.console_panic);
  if (record.broken) return SetBroken(record, *record.broken);

  if (!panicked) {
    if (auto fault = AgentFault(seen)) return SetBroken(record, *fault);
    if (!seen.unsupported.empty()) {
      record.verdict = Verdict::kUnsupported;
      return;
    }
    if (const auto conflict = WitnessConflict(seen, reports))
      return SetBroken(record, {BrokenCause::kWitness, *conflict});
  }

  record.findings = FindFindings(scenario, reports, record);
  if (record.findings.empty())
    return SetBroken(record, {BrokenCause::kHost,
                              "the scenario expects nothing, so nothing can be "
                              "judged"});
  const bool all_hold =
      std::all_of(record.findings.begin(), record.findings.end(),
                  [](const Finding& finding) { return finding.holds; });
  record.verdict = all_hold ? Verdict::kPass : Verdict::kFail;
}

}  // namespace oomlab::harness
