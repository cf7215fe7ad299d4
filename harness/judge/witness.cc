#include "harness/judge/witness.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace oomlab::harness {
namespace {

constexpr int kSigkill = 9;

using Pids = std::set<int>;

// How often the kernel must have counted a kill.
struct Count {
  std::int64_t least = 0;
  std::int64_t most = 0;

  [[nodiscard]] bool Holds(std::int64_t count) const {
    return count >= least && count <= most;
  }
};

bool Inside(const std::string& group, const std::string& path) {
  return group == "/" || path == group || path.starts_with(group + "/");
}

class Witnesses {
 public:
  Witnesses(const Observation& observation,
            const std::vector<parser::OomReport>& reports)
      : observation_(observation), reports_(reports) {
    for (const ProcessObservation& process : observation.processes) {
      by_pid_[process.pid] = &process;
      if (process.exit_signal == kSigkill) by_wait_.insert(process.pid);
    }
    for (const parser::OomReport& report : reports)
      for (const parser::Victim& victim : report.victims)
        by_log_.insert(victim.pid);
  }

  [[nodiscard]] bool Agree() const {
    if (by_wait_ != by_log_) return false;
    const auto vmstat = VmstatDelta();
    if (!vmstat || !Expected("/").Holds(*vmstat)) return false;
    for (const auto& [group, delta] : CgroupDeltas())
      if (!Expected(group).Holds(delta)) return false;
    return true;
  }

  [[nodiscard]] std::string Story() const {
    std::string text =
        "the witnesses disagree on who was killed; ended by SIGKILL: " +
        Names(by_wait_) + "; victims in the kernel log: " + Names(by_log_) +
        "; oom_kill of /proc/vmstat rose by ";
    const auto vmstat = VmstatDelta();
    text += vmstat ? std::to_string(*vmstat) : "(not counted by this kernel)";
    for (const auto& [group, delta] : CgroupDeltas())
      text += ", of cgroup " + group + " by " + std::to_string(delta);
    return text;
  }

 private:
  [[nodiscard]] std::string Names(const Pids& pids) const {
    std::string text;
    for (const int pid : pids) {
      const auto known = by_pid_.find(pid);
      text += text.empty() ? "" : ", ";
      text += known == by_pid_.end() ? "a process of no workload"
                                     : known->second->Id();
      text += " (pid " + std::to_string(pid) + ")";
    }
    return text.empty() ? "nobody" : text;
  }

  [[nodiscard]] std::optional<std::int64_t> VmstatDelta() const {
    return Delta(observation_.before->vmstat, observation_.after->vmstat);
  }

  static std::optional<std::int64_t> Delta(
      const std::map<std::string, std::int64_t>& before,
      const std::map<std::string, std::int64_t>& after) {
    const auto old_count = before.find("oom_kill");
    const auto new_count = after.find("oom_kill");
    if (old_count == before.end() || new_count == after.end())
      return std::nullopt;
    return new_count->second - old_count->second;
  }

  // Only of groups that have the counter.
  [[nodiscard]] std::map<std::string, std::int64_t> CgroupDeltas() const {
    std::map<std::string, std::int64_t> deltas;
    for (const auto& [group, after] : observation_.after->cgroup_events) {
      const auto before = observation_.before->cgroup_events.find(group);
      if (before == observation_.before->cgroup_events.end()) continue;
      if (const auto delta = Delta(before->second, after))
        deltas[group] = *delta;
    }
    return deltas;
  }

  // What the log says about a cgroup: memory.events of v2 counts the whole
  // subtree, oom_control of v1 the group alone.
  [[nodiscard]] Count Expected(const std::string& group) const {
    const bool subtree = group == "/" || !observation_.guest ||
                         observation_.guest->cgroup_version != 1;
    const auto counts_for = [&](int pid) {
      const auto known = by_pid_.find(pid);
      if (known == by_pid_.end()) return group == "/";
      return subtree ? Inside(group, known->second->cgroup)
                     : known->second->cgroup == group;
    };
    Count count;
    for (const parser::OomReport& report : reports_) {
      for (const parser::Victim& victim : report.victims) {
        if (!counts_for(victim.pid)) continue;
        ++count.least;
        ++count.most;
      }
      if (report.outcome == parser::ReportOutcome::kGroupKilled &&
          !report.victims.empty() && counts_for(report.victims[0].pid))
        ++count.most;
    }
    return count;
  }

  const Observation& observation_;
  const std::vector<parser::OomReport>& reports_;
  std::map<int, const ProcessObservation*> by_pid_;
  Pids by_wait_;
  Pids by_log_;
};

}  // namespace

std::optional<std::string> WitnessConflict(
    const Observation& observation,
    const std::vector<parser::OomReport>& reports) {
  if (!observation.before || !observation.after)
    return "the kernel's counters of OOM kills were not read";
  const Witnesses witnesses(observation, reports);
  if (witnesses.Agree()) return std::nullopt;
  return witnesses.Story();
}

}  // namespace oomlab::harness
