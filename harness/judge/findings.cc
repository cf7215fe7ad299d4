#include "harness/judge/findings.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/size.h"
#include "harness/judge/log_lines.h"
#include "harness/scenario/process_pattern.h"
#include "parser/report/json.h"

namespace oomlab::harness {
namespace {

using parser::OomReport;
using parser::ReportOutcome;

const char* OutcomeName(ReportOutcome outcome) {
  if (outcome == ReportOutcome::kNone) return "nobody eligible";
  if (outcome == ReportOutcome::kUnknown)
    return "unknown: the report is cut off";
  return parser::ReportOutcomeName(outcome);
}

void AddWord(std::string& text, const std::string& word) {
  text += (text.empty() ? "" : ", ") + word;
}

std::string Describe(const ProcessObservation& process) {
  return process.Id() + " (pid " + std::to_string(process.pid) + ")";
}

// "2 of server/worker", "server/parent"
std::string Describe(const ProcessPattern& pattern) {
  return pattern.count
             ? std::to_string(*pattern.count) + " of " + pattern.process
             : pattern.process;
}

class Finder {
 public:
  Finder(const Scenario& scenario, const std::vector<OomReport>& reports,
         const RunRecord& record)
      : scenario_(scenario),
        reports_(reports),
        record_(record),
        log_(record.observation.kernel_log) {}

  std::vector<Finding> Run() {
    const Expectations& expect = scenario_.expect;
    if (expect.outcome) Outcome(*expect.outcome);
    if (expect.constraint) Constraint(*expect.constraint);
    if (expect.victims) Victims(*expect.victims);
    if (expect.survivors) Survivors(*expect.survivors);
    if (expect.task_table) TaskTable(*expect.task_table);
    return std::move(findings_);
  }

 private:
  // The different values of the reports, in their order; `none` if there is no
  // report.
  template <class ValueOf>
  std::string Distinct(ValueOf value_of, const std::string& none) const {
    if (reports_.empty()) return none;
    std::vector<std::string> values;
    for (const OomReport& report : reports_) {
      const std::string value = value_of(report);
      if (std::find(values.begin(), values.end(), value) == values.end())
        values.push_back(value);
    }
    std::string text;
    for (const std::string& value : values)
      text += (text.empty() ? "" : ", then ") + value;
    return text;
  }

  std::vector<std::string> LinesOf(
      const std::vector<std::string_view>& needles) const {
    std::vector<std::string> lines;
    for (const OomReport& report : reports_)
      for (const std::string& line :
           log_.Find(report.first_line, report.last_line, needles))
        lines.push_back(line);
    return lines;
  }

  void Outcome(const std::string& expected) {
    std::string found = Distinct(
        [](const OomReport& report) { return OutcomeName(report.outcome); },
        "none");
    std::vector<std::string> lines = LinesOf(
        {"invoked oom-killer:", "Killed process ", "Out of memory and no ",
         "are going to be killed due to memory.oom.group"});
    if (record_.console_panic) {
      found = "panic";
      lines = {*record_.console_panic};
    }
    const bool holds = found == expected;
    if (!holds) found += Refusals();
    findings_.push_back({holds, "outcome", expected, found, lines});
  }

  // A load that was refused memory makes no OOM, and should say so.
  [[nodiscard]] std::string Refusals() const {
    std::string text;
    for (const ProcessObservation& process : record_.observation.processes)
      if (process.done == "enomem")
        text +=
            "; " + Describe(process) + " was refused memory (ENOMEM)" +
            (process.reached_bytes ? " at " + FormatSize(*process.reached_bytes)
                                   : "");
    return text;
  }

  void Constraint(const std::string& expected) {
    const std::string found = Distinct(
        [](const OomReport& report) {
          return report.constraint.value_or("not printed");
        },
        "no report");
    findings_.push_back({found == expected, "constraint", expected, found,
                         LinesOf({"oom-kill:constraint=", "invoked oom-"})});
  }

  void TaskTable(bool expected) {
    const auto text = [](bool table) { return table ? "printed" : "absent"; };
    const std::string found = Distinct(
        [&text](const OomReport& report) {
          if (report.has_task_table && report.tasks.empty())
            return "printed, without a row";
          return text(report.has_task_table);
        },
        "no report");
    findings_.push_back({found == text(expected), "task_table", text(expected),
                         found, LinesOf({"invoked oom-killer:", "total_vm"})});
  }

  // "These, no others": each victim is given to the narrowest pattern that
  // still wants one, and nothing may be left on either side. Patterns are
  // single processes or whole roles, so taking the narrow ones first is enough.
  void Victims(const std::vector<ProcessPattern>& patterns) {
    std::string expected, found;
    std::vector<const ProcessObservation*> left;
    for (const ProcessObservation& process : record_.observation.processes) {
      if (process.exit_signal != 9) continue;  // The witnesses agreed on it.
      left.push_back(&process);
      AddWord(found, Describe(process));
    }
    for (const ProcessPattern& pattern : patterns)
      AddWord(expected, Describe(pattern));
    bool holds = !record_.console_panic;  // Nobody can tell after a panic.
    for (const bool narrow : {true, false}) {
      for (const ProcessPattern& pattern : patterns) {
        const auto name = ParseProcessName(pattern.process);
        if (!name) holds = false;
        if (!name || name->index.has_value() != narrow) continue;
        for (unsigned wanted = pattern.count.value_or(1); wanted > 0; --wanted)
          holds = TakeOne(*name, left) && holds;
      }
    }
    if (record_.console_panic) found = "unknown after a panic";
    findings_.push_back({holds && left.empty(), "victims",
                         expected.empty() ? "nobody" : expected,
                         found.empty() ? "nobody" : found, VictimLines()});
  }

  static bool TakeOne(const ProcessName& name,
                      std::vector<const ProcessObservation*>& from) {
    const auto match = std::find_if(from.begin(), from.end(),
                                    [&name](const ProcessObservation* process) {
                                      return Matches(name, *process);
                                    });
    if (match == from.end()) return false;
    from.erase(match);
    return true;
  }

  static bool Matches(const ProcessName& name,
                      const ProcessObservation& process) {
    return name.Matches(process.workload, process.role,
                        static_cast<unsigned>(process.index));
  }

  std::vector<std::string> VictimLines() const {
    std::vector<std::string> lines;
    for (const OomReport& report : reports_)
      for (const parser::Victim& victim : report.victims)
        if (const auto line = log_.At(victim.line)) lines.push_back(*line);
    return lines;
  }

  // How many processes of that name the scenario starts.
  unsigned Declared(const ProcessName& name) const {
    if (name.role == "parent" || name.index) return 1;
    for (const Workload& workload : scenario_.workloads)
      if (workload.name == name.workload)
        return std::visit([](const auto& options) { return options.workers; },
                          workload.options);
    return 0;
  }

  void Survivors(const std::vector<ProcessPattern>& patterns) {
    std::string expected, found;
    bool holds = !record_.console_panic;
    for (const ProcessPattern& pattern : patterns) {
      const auto name = ParseProcessName(pattern.process);
      const unsigned declared = name ? Declared(*name) : 0;
      const unsigned wanted = pattern.count.value_or(declared);
      unsigned alive = 0;
      std::string ended;
      for (const ProcessObservation& process : record_.observation.processes) {
        if (!name || !Matches(*name, process)) continue;
        if (process.Alive()) {
          ++alive;
        } else {
          AddWord(ended, HowEnded(process));
        }
      }
      holds = holds && wanted > 0 && alive == wanted;
      AddWord(expected, std::to_string(wanted) + " of " + pattern.process);
      AddWord(found, std::to_string(alive) + " of " + pattern.process);
      if (alive != wanted && !ended.empty()) found += " (" + ended + ")";
    }
    if (record_.console_panic) found = "unknown after a panic";
    if (patterns.empty()) expected = found = "nobody named";
    findings_.push_back({holds, "survivors", expected, found, VictimLines()});
  }

  static std::string HowEnded(const ProcessObservation& process) {
    return Describe(process) +
           (process.exit_signal
                ? " ended by signal " + std::to_string(*process.exit_signal)
                : " exited with " + std::to_string(*process.exit_code));
  }

  const Scenario& scenario_;
  const std::vector<OomReport>& reports_;
  const RunRecord& record_;
  LogLines log_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> FindFindings(const Scenario& scenario,
                                  const std::vector<OomReport>& reports,
                                  const RunRecord& record) {
  return Finder(scenario, reports, record).Run();
}

bool IsOomPanic(const std::string& panic_line) {
  return panic_line.find("Out of memory") != panic_line.npos ||
         panic_line.find("out of memory") != panic_line.npos ||
         panic_line.find("System is deadlocked on memory") != panic_line.npos;
}

}  // namespace oomlab::harness
