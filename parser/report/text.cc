#include "parser/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "parser/report/json_writer.h"

namespace oomlab::parser {
namespace {

using Out = std::back_insert_iterator<std::string>;

// Limits of "max" are printed as the largest number of pages in KiB.
constexpr std::uint64_t kMaxKib = (std::uint64_t{1} << 53U) - (1U << 20U);

// "63.8 MiB": three digits tell one process from another.
std::string Size(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB",
                                                 "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  if (unit == 0 || value >= 100) {
    return fmt::format("{:.0f} {}", value, kUnits[unit]);
  }
  return fmt::format("{:.{}f} {}", value, value >= 10 ? 1 : 2, kUnits[unit]);
}

std::string SizeKib(std::uint64_t kib) {
  return kib >= kMaxKib ? "max" : Size(kib * 1024);
}

// Page size times pages, or pages where the text does not tell.
std::string Pages(std::uint64_t pages, const OomReport& report) {
  if (!report.page_size_bytes) return fmt::format("{} pages", pages);
  return Size(pages * *report.page_size_bytes);
}

std::string Process(const std::string& comm, std::optional<std::int32_t> pid,
                    std::optional<std::uint32_t> uid) {
  std::string text = Printable(comm);
  if (pid && uid) return text + fmt::format(" (pid {}, uid {})", *pid, *uid);
  if (pid) return text + fmt::format(" (pid {})", *pid);
  return text;
}

std::string Scope(const OomReport& report) {
  switch (report.kind) {
    case ReportKind::kMemcg:
      return report.oom_memcg ? fmt::format("memory cgroup {} out of memory",
                                            Printable(*report.oom_memcg))
                              : "a memory cgroup out of memory";
    case ReportKind::kCpuset:
      return fmt::format("cpuset {} out of memory",
                         Printable(report.cpuset.value_or("?")));
    case ReportKind::kMempolicy:
      return fmt::format("nodes {} of a memory policy out of memory",
                         Printable(report.nodemask.value_or("?")));
    case ReportKind::kSysrq:
      return "OOM killer called by sysrq";
    case ReportKind::kGlobal:
      break;
  }
  return "machine out of memory";
}

std::string Outcome(const OomReport& report) {
  switch (report.outcome) {
    case ReportOutcome::kKilled:
    case ReportOutcome::kGroupKilled: {
      std::string text = "killed ";
      if (report.victims.size() > 1) {
        text += fmt::format("{} processes, first ", report.victims.size());
      }
      if (!report.victims.empty()) {
        const Victim& victim = report.victims[0];
        text += Process(victim.comm, victim.pid, std::nullopt);
      }
      return text;
    }
    case ReportOutcome::kPanic:
      return "panic";
    case ReportOutcome::kNoKillableProcess:
      return "nobody could be killed";
    case ReportOutcome::kNone:
      return "nobody was eligible";
    case ReportOutcome::kUnknown:
      break;
  }
  return "the log does not say who was killed";
}

void Row(Out out, std::string_view name, std::string_view text) {
  fmt::format_to(out, "  {:<10} {}\n", name, text);
}

void AddWhen(Out out, const OomReport& report) {
  std::string text;
  if (report.timestamp_s) {
    text = fmt::format("{:.6f} s after boot, ", *report.timestamp_s);
  }
  text += fmt::format("lines {}-{}", report.first_line, report.last_line);
  if (report.kernel_release) {
    text += ", kernel " + Printable(*report.kernel_release);
  }
  if (report.tainted) text += ", tainted " + Printable(*report.tainted);
  Row(out, "when", text);
}

void AddInvoker(Out out, const OomReport& report) {
  const Invoker& invoker = report.invoker;
  if (!invoker.comm) return;
  std::string text = Process(*invoker.comm, invoker.pid, invoker.uid);
  if (invoker.order) text += fmt::format(": order {}", *invoker.order);
  if (!invoker.gfp_flags.empty()) {
    text += fmt::format(", {}", Printable(fmt::format(
                                    "{}", fmt::join(invoker.gfp_flags, "|"))));
  } else if (invoker.gfp_mask) {
    text += ", gfp_mask " + Printable(*invoker.gfp_mask);
  }
  Row(out, "invoker", text);
}

void AddMemcg(Out out, const MemcgUsage& memcg) {
  const auto usage = [](std::uint64_t used,
                        std::optional<std::uint64_t> limit) {
    return SizeKib(used) + (limit ? " of " + SizeKib(*limit) : "");
  };
  if (!memcg.usage_kib) return;
  std::string text = usage(*memcg.usage_kib, memcg.limit_kib);
  if (memcg.failcnt) text += fmt::format(" (failcnt {})", *memcg.failcnt);
  if (memcg.swap_usage_kib) {
    text += "; swap " + usage(*memcg.swap_usage_kib, memcg.swap_limit_kib);
  }
  if (memcg.memsw_usage_kib) {
    text +=
        "; with swap " + usage(*memcg.memsw_usage_kib, memcg.memsw_limit_kib);
  }
  Row(out, "memory", text);
  std::string holds;
  for (const auto& [key, value] : memcg.stats) {
    const bool is_part = key == "anon" || key == "file" || key == "kernel" ||
                         key == "shmem" || key == "slab" || key == "sock" ||
                         key == "pagetables" || key == "cache" || key == "rss";
    if (!is_part || value <= 0) continue;
    if (!holds.empty()) holds += ", ";
    holds += key + " " + Size(static_cast<std::uint64_t>(value));
  }
  if (!holds.empty()) Row(out, "holds", holds);
}

void AddMemInfo(Out out, const OomReport& report) {
  if (!report.mem_info) return;
  const MemInfo& info = *report.mem_info;
  std::string text;
  if (info.ram_pages) {
    text = Pages(*info.ram_pages, report) + " of RAM";
    if (info.reserved_pages) {
      text +=
          fmt::format(" ({} reserved)", Pages(*info.reserved_pages, report));
    }
  }
  if (info.swap_total_kib && info.swap_free_kib) {
    text += fmt::format("{}swap {} free of {}", text.empty() ? "" : "; ",
                        SizeKib(*info.swap_free_kib),
                        SizeKib(*info.swap_total_kib));
  }
  if (!text.empty()) Row(out, "memory", text);
  std::string holds;
  for (const auto& [key, value] : info.counters) {
    const bool is_part = key == "free" || key == "active_anon" ||
                         key == "inactive_anon" || key == "active_file" ||
                         key == "inactive_file" || key == "shmem" ||
                         key == "slab_unreclaimable" || key == "pagetables";
    if (!is_part || value <= 0) continue;
    if (!holds.empty()) holds += ", ";
    holds += key + " " + Pages(static_cast<std::uint64_t>(value), report);
  }
  if (!holds.empty()) Row(out, "holds", holds);
}

bool IsVictim(const OomReport& report, std::int32_t pid) {
  return std::any_of(report.victims.begin(), report.victims.end(),
                     [&](const Victim& victim) { return victim.pid == pid; });
}

void AddTasks(Out out, const OomReport& report, std::size_t most) {
  if (report.tasks.empty()) return;
  std::vector<const TaskRow*> rows;
  std::uint64_t rss = 0;
  for (const TaskRow& row : report.tasks) {
    rows.push_back(&row);
    rss += row.rss_pages.value_or(0);
  }
  const auto weight = [](const TaskRow* row) {
    return row->rss_pages.value_or(0) + row->swapents_pages.value_or(0);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const TaskRow* a, const TaskRow* b) {
                     return weight(a) > weight(b);
                   });
  Row(out, "tasks",
      fmt::format("{}, whose rss adds up to {} (shared pages count again for "
                  "each)",
                  rows.size(), Pages(rss, report)));
  fmt::format_to(out,
                 "         pid  oom_score_adj         rss        swap  "
                 "name\n");
  std::size_t shown = 0;
  for (const TaskRow* row : rows) {
    if (shown == most) break;
    ++shown;
    fmt::format_to(
        out, "  {} {:>8}  {:>13}  {:>10}  {:>10}  {}\n",
        IsVictim(report, row->pid) ? '*' : ' ', row->pid,
        row->oom_score_adj ? std::to_string(*row->oom_score_adj) : "",
        row->rss_pages ? Pages(*row->rss_pages, report) : "",
        row->swapents_pages ? Pages(*row->swapents_pages, report) : "",
        Printable(row->comm));
  }
  if (rows.size() > shown) {
    fmt::format_to(out, "             and {} smaller\n", rows.size() - shown);
  }
}

void AddVictims(Out out, const OomReport& report, std::size_t most) {
  std::size_t shown = 0;
  for (const Victim& victim : report.victims) {
    if (shown++ == most) {
      Row(out, "victim",
          fmt::format("and {} more", report.victims.size() - most));
      return;
    }
    std::string text = Process(victim.comm, victim.pid, victim.uid);
    if (victim.total_vm_kib) {
      text += fmt::format(": {} mapped", SizeKib(*victim.total_vm_kib));
    }
    if (victim.anon_rss_kib) {
      text += fmt::format(", rss anon {}", SizeKib(*victim.anon_rss_kib));
    }
    if (victim.file_rss_kib) {
      text += fmt::format(", file {}", SizeKib(*victim.file_rss_kib));
    }
    if (victim.shmem_rss_kib) {
      text += fmt::format(", shmem {}", SizeKib(*victim.shmem_rss_kib));
    }
    if (victim.score) text += fmt::format(", score {}", *victim.score);
    if (victim.oom_score_adj) {
      text += fmt::format(", oom_score_adj {}", *victim.oom_score_adj);
    }
    if (victim.reaped) text += ", reaped";
    Row(out, "victim", text);
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  const bool utf8 = IsUtf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are controls too: C2 80 to C2 9F.
    const bool c1 = byte == 0xc2 && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (byte >= 0x20 && byte != 0x7f && (byte < 0x80 || (utf8 && !c1))) {
      out += text[i];
      continue;
    }
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    if (c1 && utf8) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<unsigned char>(text[++i]));
    }
  }
  return out;
}

std::string FormatReport(const OomReport& report, const TextOptions& options) {
  std::string text;
  const Out out = std::back_inserter(text);
  fmt::format_to(out, "{}: {}\n", Scope(report), Outcome(report));
  AddWhen(out, report);
  AddInvoker(out, report);
  if (report.kind == ReportKind::kMemcg && report.memcg) {
    AddMemcg(out, *report.memcg);
  }
  AddMemInfo(out, report);
  AddTasks(out, report, options.most_tasks);
  if (report.chosen_pid && !IsVictim(report, *report.chosen_pid) &&
      report.chosen_comm) {
    Row(out, "chosen",
        Process(*report.chosen_comm, report.chosen_pid, std::nullopt) +
            (report.chosen_score
                 ? fmt::format(", score {}", *report.chosen_score)
                 : ""));
  }
  AddVictims(out, report, options.most_tasks);
  if (report.oom_group_memcg) {
    Row(out, "group",
        Printable(*report.oom_group_memcg) + " (memory.oom.group)");
  }
  if (report.panic_message) {
    Row(out, "panic", Printable(*report.panic_message));
  }
  if (!report.missing.empty()) {
    Row(out, "missing", fmt::format("{}", fmt::join(report.missing, ", ")));
  }
  for (const Warning& warning : report.warnings) {
    Row(out, "warning",
        fmt::format("line {}: {}: {}", warning.line, warning.code,
                    Printable(warning.message)));
  }
  return text;
}

}  // namespace oomlab::parser
