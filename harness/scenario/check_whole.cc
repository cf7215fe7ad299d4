#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/size.h"
#include "harness/scenario/check.h"
#include "harness/scenario/process_pattern.h"

namespace oomlab::harness {
namespace {

unsigned Workers(const Workload& workload) {
  return std::visit([](const auto& options) { return options.workers; },
                    workload.options);
}

// What the workload holds before the start signal, at most 2^40 bytes: sums of
// it cannot wrap around, and no machine is that large.
std::uint64_t ReadyBytes(const Workload& workload) {
  constexpr std::uint64_t kMost = 1ull << 40;
  const auto* prefork = std::get_if<PreforkOptions>(&workload.options);
  if (prefork == nullptr) return 0;
  return std::min(
      std::min(prefork->image_bytes, kMost) +
          std::min(prefork->worker_private_bytes, kMost) * prefork->workers,
      kMost);
}

// "/a" holds "/a" and "/a/b", not "/ab"; "/" holds all.
bool Holds(const std::string& group, const std::string& path) {
  return group == "/" || path == group || path.starts_with(group + "/");
}

std::string Index(const char* list, std::size_t index) {
  return std::string(list) + "/" + std::to_string(index);
}

class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Diagnostic> Run() {
    CheckCgroups();
    for (std::size_t i = 0; i < scenario_.workloads.size(); ++i)
      CheckWorkload(scenario_.workloads[i], Index("/workloads", i));
    CheckFit();
    if (!found_.empty()) return std::move(found_);
    CheckPatterns();
    CheckContradictions();
    return std::move(found_);
  }

 private:
  void Add(std::string pointer, std::string what, std::string hint = {}) {
    found_.push_back({std::move(pointer), JsonSource::Part::kValue,
                      std::move(what), std::move(hint)});
  }

  std::vector<std::string> WorkloadNames() const {
    std::vector<std::string> names;
    for (const Workload& workload : scenario_.workloads)
      names.push_back(workload.name);
    return names;
  }

  void CheckCgroups() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < scenario_.cgroups.size(); ++i)
      if (!seen.insert(scenario_.cgroups[i].path).second)
        Add(Index("/cgroups", i) + "/path",
            "\"" + scenario_.cgroups[i].path + "\" is declared twice",
            "put all limits of a group into one entry");
  }

  void CheckWorkload(const Workload& workload, const std::string& at) {
    if (!names_.insert(workload.name).second)
      Add(at + "/name",
          "\"" + workload.name + "\" is the name of two workloads",
          "names are unique");
    CheckCgroupOf(workload, at);
    if (const auto* prefork = std::get_if<PreforkOptions>(&workload.options)) {
      const bool grows = prefork->grow != PreforkOptions::Grow::kNone;
      if (grows && prefork->grow_bytes == 0)
        Add(at + "/grow", "somebody grows by nothing",
            "say by how much, as in \"grow_by\": \"80MiB\"");
      if (!grows && prefork->grow_bytes != 0)
        Add(at + "/grow_by", "nobody grows",
            "say who, as in \"grow\": \"parent\"");
    }
    if (const auto* alloc = std::get_if<AllocOptions>(&workload.options)) {
      const bool cycle = alloc->mode == AllocOptions::Mode::kCycle;
      if (cycle && alloc->cycles == 0)
        Add(at + "/mode", "mode \"cycle\" needs \"cycles\"",
            "say how often, as in \"cycles\": 10");
      if (!cycle && alloc->cycles != 0)
        Add(at + "/cycles", "means nothing with mode \"keep\"",
            "add \"mode\": \"cycle\" or remove it");
    }
  }

  void CheckCgroupOf(const Workload& workload, const std::string& at) {
    if (workload.cgroup == "/") return;
    std::vector<std::string> declared = {"/"};
    bool found = false;
    for (const CgroupSpec& group : scenario_.cgroups) {
      declared.push_back(group.path);
      found = found || group.path == workload.cgroup;
      if (group.path != workload.cgroup && Holds(workload.cgroup, group.path))
        Add(at + "/cgroup",
            "\"" + workload.cgroup + "\" has the subgroup \"" + group.path +
                "\", and cgroup v2 keeps processes in the innermost groups "
                "only",
            "put the workload into a group below \"" + workload.cgroup + "\"");
    }
    if (!found)
      Add(at + "/cgroup",
          "\"" + workload.cgroup + "\" is not declared in \"cgroups\"",
          HintOfChoices(workload.cgroup, declared));
  }

  // Before the start signal nothing may run out of memory.
  void CheckFit() {
    std::uint64_t ready = 0;
    for (const Workload& workload : scenario_.workloads)
      ready += ReadyBytes(workload);
    if (ready >= scenario_.machine.memory_bytes)
      Add("/workloads",
          "the workloads hold " + FormatSize(ready) +
              " before the start signal, and the machine has " +
              FormatSize(scenario_.machine.memory_bytes),
          "give the machine more memory or make the images smaller");
    for (std::size_t i = 0; i < scenario_.cgroups.size(); ++i) {
      const CgroupSpec& group = scenario_.cgroups[i];
      const std::optional<std::uint64_t> limit = LimitOf(group);
      if (!limit) continue;
      std::uint64_t inside = 0;
      for (const Workload& workload : scenario_.workloads)
        if (Holds(group.path, workload.cgroup)) inside += ReadyBytes(workload);
      if (inside >= *limit && inside > 0)
        Add(Index("/cgroups", i) + "/memory.max",
            FormatSize(*limit) + " is full before the start signal: the " +
                "workloads in it begin with " + FormatSize(inside),
            "raise the limit or make the images smaller");
    }
  }

  static std::optional<std::uint64_t> LimitOf(const CgroupSpec& group) {
    const auto limit = group.controls.find("memory.max");
    if (limit == group.controls.end() || limit->second == "max")
      return std::nullopt;
    return ParseSize(limit->second).value();  // Decoded: digits only.
  }

  // Each list by itself, then both against each other.
  void CheckPatterns() {
    std::map<std::string, unsigned> killed;  // "server/worker" -> processes
    std::map<std::string, unsigned> alive;
    if (scenario_.expect.victims)
      CheckList(*scenario_.expect.victims, "/expect/victims", true, killed);
    if (scenario_.expect.survivors)
      CheckList(*scenario_.expect.survivors, "/expect/survivors", false, alive);
    if (!found_.empty()) return;
    for (const auto& [role, count] : killed) {
      const unsigned total = TotalOf(*ParseProcessName(role));
      if (count + alive[role] > total)
        Add("/expect/survivors",
            std::to_string(count) + " killed and " +
                std::to_string(alive[role]) + " alive of " + role +
                " cannot both be: there are " + std::to_string(total),
            "give the survivors a \"count\"");
    }
  }

  unsigned TotalOf(const ProcessName& name) const {
    if (name.role == "parent" || name.index) return 1;
    for (const Workload& workload : scenario_.workloads)
      if (workload.name == name.workload) return Workers(workload);
    return 0;
  }

  // `counts` gets how many processes of each role the list speaks of. A role
  // and one of its members may overlap among survivors, so the larger counts.
  void CheckList(const std::vector<ProcessPattern>& patterns, const char* list,
                 bool victims, std::map<std::string, unsigned>& counts) {
    std::set<std::string> seen;
    std::map<std::string, unsigned> members, roles;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const ProcessPattern& pattern = patterns[i];
      const std::string at = Index(list, i);
      const std::optional<ProcessName> name = Resolve(pattern.process, at);
      if (!name) continue;
      if (!seen.insert(pattern.process).second)
        Add(at + "/process", "\"" + pattern.process + "\" is listed twice",
            "use \"count\" for several of them");
      const unsigned total = TotalOf(*name);
      const unsigned count = pattern.count.value_or(victims ? 1 : total);
      if (count > total)
        Add(at + "/count",
            std::to_string(count) + " of \"" + pattern.process +
                "\" are more than there are",
            "the scenario has " + std::to_string(total));
      const std::string role = name->workload + "/" + name->role;
      (name->index ? members : roles)[role] += count;
    }
    for (const auto& [role, count] : roles) counts[role] = count;
    for (const auto& [role, count] : members)
      counts[role] =
          victims ? counts[role] + count : std::max(counts[role], count);
  }

  // The name, if it is one of the scenario.
  std::optional<ProcessName> Resolve(const std::string& text,
                                     const std::string& at) {
    std::optional<ProcessName> name = ParseProcessName(text);
    const std::vector<std::string> workloads = WorkloadNames();
    if (!name) {
      Add(at + "/process", "\"" + text + "\" does not name processes",
          "write \"" + workloads[0] + "/parent\", \"" + workloads[0] +
              "/worker\" or \"" + workloads[0] + "/worker/0\"");
      return std::nullopt;
    }
    const auto workload = std::find_if(
        scenario_.workloads.begin(), scenario_.workloads.end(),
        [&](const Workload& each) { return each.name == name->workload; });
    if (workload == scenario_.workloads.end()) {
      Add(at + "/process", "there is no workload \"" + name->workload + "\"",
          HintOfChoices(name->workload, workloads));
      return std::nullopt;
    }
    if (name->index && *name->index >= Workers(*workload)) {
      Add(at + "/process",
          "\"" + name->workload + "\" has no worker " +
              std::to_string(*name->index),
          "its workers are 0 to " + std::to_string(Workers(*workload) - 1));
      return std::nullopt;
    }
    return name;
  }

  void CheckContradictions() {
    const Expectations& expect = scenario_.expect;
    const std::string outcome = expect.outcome.value_or("");
    const bool kills = outcome == "killed" || outcome == "group_killed";
    if (kills && expect.victims && expect.victims->empty())
      Add("/expect/victims", "nobody, but the outcome is \"" + outcome + "\"",
          "name the victims, or leave the field out");
    if ((outcome == "none" || outcome == "no_killable_process") &&
        expect.victims && !expect.victims->empty())
      Add("/expect/victims",
          "somebody is killed, but the outcome is \"" + outcome + "\"",
          "use [] or another outcome");
    if (outcome == "none" && expect.constraint)
      Add("/expect/constraint",
          "nothing is limited where the outcome is \"none\"", "remove it");
    if (outcome == "none" && expect.task_table)
      Add("/expect/task_table",
          "there is no report where the outcome is \"none\"", "remove it");
    if (outcome == "panic" && expect.victims && !expect.victims->empty())
      Add("/expect/victims", "nobody can tell after a panic", "remove it");
    if (outcome == "panic" && expect.survivors)
      Add("/expect/survivors", "nobody can tell after a panic", "remove it");
    // The kernel log ends with the guest; only its console is left.
    if (outcome == "panic" && expect.constraint)
      Add("/expect/constraint", "nobody can tell after a panic", "remove it");
    if (outcome == "panic" && expect.task_table)
      Add("/expect/task_table", "nobody can tell after a panic", "remove it");
    if (expect.constraint == "CONSTRAINT_MEMCG" && !AnyLimit())
      Add("/expect/constraint", "no workload runs below a memory.max",
          "give a cgroup of \"cgroups\" a \"memory.max\" and put a workload "
          "into it");
  }

  bool AnyLimit() const {
    return std::any_of(scenario_.cgroups.begin(), scenario_.cgroups.end(),
                       [this](const CgroupSpec& group) {
                         return LimitOf(group) &&
                                std::any_of(scenario_.workloads.begin(),
                                            scenario_.workloads.end(),
                                            [&](const Workload& workload) {
                                              return Holds(group.path,
                                                           workload.cgroup);
                                            });
                       });
  }

  const Scenario& scenario_;
  std::set<std::string> names_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> CheckWhole(const Scenario& scenario) {
  return Checker(scenario).Run();
}

}  // namespace oomlab::harness
