#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/size.h"
#include "reports/account.h"
#include "reports/escape.h"

namespace oomlab::reports {
namespace {

using harness::Observation;
using harness::ProcessObservation;
using parser::OomReport;
using parser::TaskRow;
using parser::Victim;

std::string Kib(std::uint64_t kib) { return FormatCount(kib) + " KiB"; }

std::string Line(std::string_view label, const std::string& text) {
  return fmt::format("  {:<12}{}\n", label, text);
}

// "server/parent: prefork (pid 135)"
std::string Name(const Observation& observation, int pid,
                 const std::string& comm) {
  std::string name = fmt::format("{} (pid {})", EscapeText(comm), pid);
  const auto known = std::find_if(
      observation.processes.begin(), observation.processes.end(),
      [pid](const ProcessObservation& process) { return process.pid == pid; });
  if (known == observation.processes.end()) return name;
  return EscapeText(known->Id()) + ": " + name;
}

std::string Sizes(const Victim& victim) {
  std::string text;
  if (victim.anon_rss_kib && victim.file_rss_kib) {
    const std::uint64_t shmem = victim.shmem_rss_kib.value_or(0);
    text = fmt::format(", {} resident ({} anonymous, {} file, {} shmem)",
                       Kib(*victim.anon_rss_kib + *victim.file_rss_kib + shmem),
                       FormatCount(*victim.anon_rss_kib),
                       FormatCount(*victim.file_rss_kib), FormatCount(shmem));
  }
  if (victim.pgtables_kib)
    text += ", " + Kib(*victim.pgtables_kib) + " page tables";
  if (victim.oom_score_adj.value_or(0) != 0)
    text += fmt::format(", oom_score_adj {}", *victim.oom_score_adj);
  return text;
}

std::string What(const OomReport& report) {
  switch (report.kind) {
    case parser::ReportKind::kGlobal:
      return "the machine ran out of memory";
    case parser::ReportKind::kMemcg:
      return report.oom_memcg ? "cgroup " + EscapeText(*report.oom_memcg) +
                                    " reached its limit"
                              : "a cgroup reached its limit";
    case parser::ReportKind::kCpuset:
      return "the nodes of a cpuset ran out of memory";
    case parser::ReportKind::kMempolicy:
      return "the nodes of a memory policy ran out of memory";
    case parser::ReportKind::kSysrq:
      return "somebody asked for it (sysrq)";
  }
  return "memory ran out";
}

std::string Why(const OomReport& report) {
  std::string text = What(report);
  if (report.constraint) text += " (" + EscapeText(*report.constraint) + ")";
  if (report.memcg && report.memcg->usage_kib && report.memcg->limit_kib)
    text += fmt::format(": {} charged of {}", Kib(*report.memcg->usage_kib),
                        Kib(*report.memcg->limit_kib));
  return text;
}

std::string Invoker(const OomReport& report, const Observation& observation) {
  const parser::Invoker& invoker = report.invoker;
  if (!invoker.comm) return {};
  std::string text = invoker.pid
                         ? Name(observation, *invoker.pid, *invoker.comm)
                         : EscapeText(*invoker.comm);
  std::string flags;
  for (const std::string& flag : invoker.gfp_flags)
    flags += (flags.empty() ? "" : "|") + EscapeText(flag);
  if (flags.empty() && invoker.gfp_mask) flags = EscapeText(*invoker.gfp_mask);
  if (!flags.empty()) text += ", asking for " + flags;
  if (invoker.order) text += fmt::format(", order {}", *invoker.order);
  return text;
}

// The biggest of those that were not killed.
std::string RunnerUp(const OomReport& report, const Observation& observation) {
  const TaskRow* next = nullptr;
  for (const TaskRow& row : report.tasks) {
    const bool killed = std::any_of(
        report.victims.begin(), report.victims.end(),
        [&row](const Victim& victim) { return victim.pid == row.pid; });
    if (killed || !row.rss_pages) continue;
    if (next == nullptr || *row.rss_pages > *next->rss_pages) next = &row;
  }
  if (next == nullptr) return {};
  std::string text = Name(observation, next->pid, next->comm);
  const std::uint64_t page_size_bytes = report.page_size_bytes.value_or(
      observation.guest ? observation.guest->page_size_bytes : 0);
  text += page_size_bytes == 0
              ? ", " + FormatCount(*next->rss_pages) + " pages resident"
              : ", " + Kib(*next->rss_pages * (page_size_bytes / 1024)) +
                    " resident";
  if (next->oom_score_adj == -1000)
    text += ", immune by oom_score_adj -1000";
  else if (next->oom_score_adj.value_or(0) != 0)
    text += fmt::format(", oom_score_adj {}", *next->oom_score_adj);
  return text;
}

}  // namespace

std::string DescribeKill(const OomReport& report,
                         const Observation& observation) {
  constexpr std::size_t kMostVictims = 10;
  std::string text;
  for (const Victim& victim : report.victims) {
    if (&victim - report.victims.data() == kMostVictims) {
      text += Line(
          "", fmt::format("and {} more", report.victims.size() - kMostVictims));
      break;
    }
    text += Line("killed",
                 Name(observation, victim.pid, victim.comm) + Sizes(victim));
  }
  if (report.victims.empty()) text += Line("killed", "nobody");
  text += Line("why", Why(report));
  if (report.oom_group_memcg)
    text += Line("", "memory.oom.group: all of cgroup " +
                         EscapeText(*report.oom_group_memcg) + " die together");
  if (const std::string invoker = Invoker(report, observation);
      !invoker.empty())
    text += Line("invoked by", invoker);
  if (const std::string next = RunnerUp(report, observation); !next.empty())
    text += Line("runner-up", next);
  if (!report.has_task_table)
    text += Line("", "The report holds no task table (vm.oom_dump_tasks).");
  return text;
}

}  // namespace oomlab::reports
