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

using harness::MemorySnapshot;
using harness::Observation;
using parser::OomReport;

using Number = std::optional<std::uint64_t>;

// One column of the table: the same facts at two moments.
struct Moment {
  Number processes, rss_kib, pss_kib, held_kib;
};

std::optional<std::int64_t> Named(const parser::NamedValues& values,
                                  std::string_view name) {
  for (const auto& [key, value] : values)
    if (key == name) return value;
  return std::nullopt;
}

class Sums {
 public:
  Sums(const OomReport& report, const Observation& observation)
      : report_(report), observation_(observation) {
    page_size_kib_ =
        report.page_size_bytes.value_or(
            observation.guest ? observation.guest->page_size_bytes : 0) /
        1024;
    memcg_ = report.kind == parser::ReportKind::kMemcg;
    ReadReport();
    const auto ready = std::find_if(
        observation.snapshots.begin(), observation.snapshots.end(),
        [](const MemorySnapshot& each) { return each.phase == "ready"; });
    if (ready != observation.snapshots.end()) ReadSnapshot(*ready);
  }

  [[nodiscard]] std::string Table() const {
    if (!ready_.rss_kib && !oom_.rss_kib) return {};
    std::string text =
        fmt::format("  {:<28}{:>16}{:>16}\n", "", "ready", "at the OOM");
    text += Row("processes", ready_.processes, oom_.processes, "");
    text += Row("RSS, added up", ready_.rss_kib, oom_.rss_kib, " KiB");
    text += Row("PSS, added up", ready_.pss_kib, oom_.pss_kib, " KiB");
    text += Row(memcg_ ? "charged to cgroup " + Group() : "used by the machine",
                ready_.held_kib, oom_.held_kib, " KiB");
    if (ram_kib_) text += Row("RAM of the machine", ram_kib_, ram_kib_, " KiB");
    text += fmt::format("  {:<28}{:>16}{:>16}\n",
                        memcg_ ? "RSS / charged" : "RSS / used", Times(ready_),
                        Times(oom_));
    return text + Meaning();
  }

 private:
  [[nodiscard]] std::string Group() const {
    return report_.oom_memcg ? EscapeText(*report_.oom_memcg) : "?";
  }

  static std::string Cell(const Number& value, std::string_view unit) {
    return value ? FormatCount(*value) + std::string(unit) : "-";
  }

  static std::string Row(const std::string& label, const Number& ready,
                         const Number& oom, std::string_view unit) {
    return fmt::format("  {:<28}{:>16}{:>16}\n", label, Cell(ready, unit),
                       Cell(oom, unit));
  }

  static std::optional<double> Ratio(const Moment& moment) {
    if (!moment.rss_kib || moment.held_kib.value_or(0) == 0)
      return std::nullopt;
    return static_cast<double>(*moment.rss_kib) /
           static_cast<double>(*moment.held_kib);
  }

  static std::string Times(const Moment& moment) {
    const auto ratio = Ratio(moment);
    return ratio ? fmt::format("{:.2f}", *ratio) : "-";
  }

  [[nodiscard]] std::string Meaning() const {
    const double most =
        std::max(Ratio(ready_).value_or(0), Ratio(oom_).value_or(0));
    if (most <= 1) return {};
    return "  A page that processes share (copy-on-write after fork) counts in "
           "the RSS of each\n  of them and is held once, so RSS adds up to "
           "more "
           "than there is.\n";
  }

  void ReadReport() {
    if (!report_.tasks.empty() && page_size_kib_ != 0) {
      std::uint64_t pages = 0;
      for (const parser::TaskRow& row : report_.tasks)
        pages += row.rss_pages.value_or(0);
      oom_.processes = report_.tasks.size();
      oom_.rss_kib = pages * page_size_kib_;
    }
    if (memcg_) {
      if (report_.memcg) oom_.held_kib = report_.memcg->usage_kib;
      return;
    }
    if (!report_.mem_info || page_size_kib_ == 0) return;
    const parser::MemInfo& info = *report_.mem_info;
    if (!info.ram_pages || !info.reserved_pages ||
        *info.ram_pages < *info.reserved_pages)
      return;
    const std::uint64_t managed = *info.ram_pages - *info.reserved_pages;
    ram_kib_ = managed * page_size_kib_;
    const auto free = Named(info.counters, "free");
    if (free && *free >= 0 && static_cast<std::uint64_t>(*free) <= managed)
      oom_.held_kib =
          (managed - static_cast<std::uint64_t>(*free)) * page_size_kib_;
  }

  void ReadSnapshot(const MemorySnapshot& snapshot) {
    std::int64_t rss_kib = 0;
    std::int64_t pss_kib = 0;
    for (const harness::ProcessMemory& process : snapshot.processes) {
      rss_kib += process.rss_kib;
      pss_kib += process.pss_kib;
    }
    ready_.processes = snapshot.processes.size();
    ready_.rss_kib =
        static_cast<std::uint64_t>(std::max<std::int64_t>(rss_kib, 0));
    ready_.pss_kib =
        static_cast<std::uint64_t>(std::max<std::int64_t>(pss_kib, 0));
    if (memcg_) {
      for (const auto& [group, bytes] : snapshot.cgroup_charge_bytes)
        if (report_.oom_memcg && *report_.oom_memcg == group && bytes >= 0)
          ready_.held_kib = static_cast<std::uint64_t>(bytes) / 1024;
      return;
    }
    // The machine is sampled on its own clock: the last sample before.
    if (!observation_.guest) return;
    for (const harness::Sample& sample : observation_.samples) {
      const auto total =
          static_cast<std::int64_t>(observation_.guest->mem_total_kib);
      if (sample.t_ns > snapshot.t_ns || sample.mem_free_kib > total) continue;
      ready_.held_kib = static_cast<std::uint64_t>(total - sample.mem_free_kib);
    }
  }

  const OomReport& report_;
  const Observation& observation_;
  std::uint64_t page_size_kib_ = 0;
  bool memcg_ = false;
  Moment ready_;
  Moment oom_;
  Number ram_kib_;
};

}  // namespace

std::string DescribeSums(const OomReport& report,
                         const Observation& observation) {
  return Sums(report, observation).Table();
}

}  // namespace oomlab::reports
