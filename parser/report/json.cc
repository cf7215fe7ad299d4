#include "parser/report/json.h"

#include "parser/report/json_writer.h"

namespace oomlab::parser {
namespace {

constexpr const char* kSchema = "oomlab.report/1";

void WriteComm(JsonWriter& json, const std::string& comm) {
  json.Field("comm", comm);
  if (IsUtf8(comm)) return;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : comm) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  json.Field("comm_hex", hex);
}

void WriteStrings(JsonWriter& json, std::string_view name,
                  const std::vector<std::string>& values) {
  json.Key(name);
  json.BeginArray();
  for (const std::string& value : values) json.Value(value);
  json.EndArray();
}

void WriteValues(JsonWriter& json, std::string_view name,
                 const NamedValues& values) {
  json.Key(name);
  json.BeginObject();
  for (const auto& [key, value] : values) json.Field(key, value);
  json.EndObject();
}

void WriteInvoker(JsonWriter& json, const Invoker& invoker) {
  json.Key("invoker");
  json.BeginObject();
  if (invoker.comm) WriteComm(json, *invoker.comm);
  json.Field("pid", invoker.pid);
  json.Field("uid", invoker.uid);
  json.Field("cpu", invoker.cpu);
  json.Field("gfp_mask", invoker.gfp_mask);
  if (!invoker.gfp_flags.empty()) {
    WriteStrings(json, "gfp_flags", invoker.gfp_flags);
  }
  json.Field("order", invoker.order);
  json.Field("oom_score_adj", invoker.oom_score_adj);
  json.Field("oom_adj", invoker.oom_adj);
  json.EndObject();
}

void WriteMemcg(JsonWriter& json, const MemcgUsage& memcg) {
  json.Key("memcg");
  json.BeginObject();
  json.Field("usage_kib", memcg.usage_kib);
  json.Field("limit_kib", memcg.limit_kib);
  json.Field("failcnt", memcg.failcnt);
  json.Field("swap_usage_kib", memcg.swap_usage_kib);
  json.Field("swap_limit_kib", memcg.swap_limit_kib);
  json.Field("swap_failcnt", memcg.swap_failcnt);
  json.Field("memsw_usage_kib", memcg.memsw_usage_kib);
  json.Field("memsw_limit_kib", memcg.memsw_limit_kib);
  json.Field("memsw_failcnt", memcg.memsw_failcnt);
  json.Field("kmem_usage_kib", memcg.kmem_usage_kib);
  json.Field("kmem_limit_kib", memcg.kmem_limit_kib);
  json.Field("kmem_failcnt", memcg.kmem_failcnt);
  json.Field("min_protection_kib", memcg.min_protection_kib);
  json.Field("low_protection_kib", memcg.low_protection_kib);
  json.Field("stats_memcg", memcg.stats_memcg);
  if (!memcg.stats.empty()) WriteValues(json, "stats", memcg.stats);
  json.EndObject();
}

void WriteZones(JsonWriter& json, const MemInfo& info) {
  json.Key("nodes");
  json.BeginArray();
  for (const NodeInfo& node : info.nodes) {
    json.BeginObject();
    json.Field("node", node.node);
    WriteValues(json, "values_kib", node.values_kib);
    json.Field("all_unreclaimable", node.all_unreclaimable);
    json.EndObject();
  }
  json.EndArray();
  json.Key("zones");
  json.BeginArray();
  for (const ZoneInfo& zone : info.zones) {
    json.BeginObject();
    json.Field("node", zone.node);
    json.Field("zone", zone.zone);
    WriteValues(json, "values_kib", zone.values_kib);
    json.Field("all_unreclaimable", zone.all_unreclaimable);
    if (!zone.lowmem_reserve_pages.empty()) {
      json.Key("lowmem_reserve_pages");
      json.BeginArray();
      for (const std::int64_t pages : zone.lowmem_reserve_pages) {
        json.Value(pages);
      }
      json.EndArray();
    }
    json.EndObject();
  }
  json.EndArray();
}

void WriteBuddy(JsonWriter& json, const MemInfo& info) {
  json.Key("buddy");
  json.BeginArray();
  for (const BuddyList& list : info.buddy) {
    json.BeginObject();
    json.Field("node", list.node);
    json.Field("zone", list.zone);
    json.Key("entries");
    json.BeginArray();
    for (const BuddyList::Entry& entry : list.entries) {
      json.BeginObject();
      json.Field("count", entry.count);
      json.Field("size_kib", entry.size_kib);
      if (!entry.migrate_types.empty()) {
        json.Field("migrate_types", entry.migrate_types);
      }
      json.EndObject();
    }
    json.EndArray();
    json.Field("total_kib", list.total_kib);
    json.EndObject();
  }
  json.EndArray();
}

void WriteMemInfo(JsonWriter& json, const MemInfo& info) {
  json.Key("mem_info");
  json.BeginObject();
  json.Field("ram_pages", info.ram_pages);
  json.Field("reserved_pages", info.reserved_pages);
  json.Field("highmem_pages", info.highmem_pages);
  json.Field("cma_reserved_pages", info.cma_reserved_pages);
  json.Field("hwpoisoned_pages", info.hwpoisoned_pages);
  json.Field("pagecache_pages", info.pagecache_pages);
  json.Field("swap_cache_pages", info.swap_cache_pages);
  json.Field("swap_free_kib", info.swap_free_kib);
  json.Field("swap_total_kib", info.swap_total_kib);
  json.Field("pages_shared", info.pages_shared);
  json.Field("pages_non_shared", info.pages_non_shared);
  WriteValues(json, "counters", info.counters);
  WriteZones(json, info);
  WriteBuddy(json, info);
  if (!info.hugepages.empty()) {
    json.Key("hugepages");
    json.BeginArray();
    for (const HugepageInfo& pages : info.hugepages) {
      json.BeginObject();
      json.Field("node", pages.node);
      json.Field("total", pages.total);
      json.Field("free", pages.free);
      json.Field("surplus", pages.surplus);
      json.Field("size_kib", pages.size_kib);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
}

void WriteTask(JsonWriter& json, const TaskRow& task) {
  json.BeginObject();
  json.Field("pid", task.pid);
  json.Field("uid", task.uid);
  json.Field("tgid", task.tgid);
  WriteComm(json, task.comm);
  json.Field("total_vm_pages", task.total_vm_pages);
  json.Field("rss_pages", task.rss_pages);
  json.Field("rss_anon_pages", task.rss_anon_pages);
  json.Field("rss_file_pages", task.rss_file_pages);
  json.Field("rss_shmem_pages", task.rss_shmem_pages);
  json.Field("pgtables_bytes", task.pgtables_bytes);
  json.Field("nr_ptes", task.nr_ptes);
  json.Field("nr_pmds", task.nr_pmds);
  json.Field("swapents_pages", task.swapents_pages);
  json.Field("oom_score_adj", task.oom_score_adj);
  json.Field("oom_adj", task.oom_adj);
  json.Field("cpu", task.cpu);
  if (!task.other_columns.empty()) {
    WriteValues(json, "other_columns", task.other_columns);
  }
  json.Field("line", task.line);
  json.EndObject();
}

void WriteVictim(JsonWriter& json, const Victim& victim) {
  json.BeginObject();
  json.Field("pid", victim.pid);
  WriteComm(json, victim.comm);
  json.Field("uid", victim.uid);
  json.Field("total_vm_kib", victim.total_vm_kib);
  json.Field("anon_rss_kib", victim.anon_rss_kib);
  json.Field("file_rss_kib", victim.file_rss_kib);
  json.Field("shmem_rss_kib", victim.shmem_rss_kib);
  json.Field("pgtables_kib", victim.pgtables_kib);
  json.Field("oom_score_adj", victim.oom_score_adj);
  json.Field("score", victim.score);
  json.Field("task_memcg", victim.task_memcg);
  if (victim.reaped) {
    json.Key("reaped");
    json.BeginObject();
    json.Field("anon_rss_kib", victim.reaped->anon_rss_kib);
    json.Field("file_rss_kib", victim.reaped->file_rss_kib);
    json.Field("shmem_rss_kib", victim.reaped->shmem_rss_kib);
    json.EndObject();
  }
  json.Field("line", victim.line);
  json.EndObject();
}

void WriteChosen(JsonWriter& json, const OomReport& report) {
  if (!report.chosen_pid && !report.chosen_comm) return;
  json.Key("chosen");
  json.BeginObject();
  json.Field("pid", report.chosen_pid);
  if (report.chosen_comm) WriteComm(json, *report.chosen_comm);
  json.Field("score", report.chosen_score);
  json.EndObject();
}

}  // namespace

const char* ReportKindName(ReportKind kind) {
  switch (kind) {
    case ReportKind::kGlobal:
      return "global";
    case ReportKind::kMemcg:
      return "memcg";
    case ReportKind::kCpuset:
      return "cpuset";
    case ReportKind::kMempolicy:
      return "mempolicy";
    case ReportKind::kSysrq:
      return "sysrq";
  }
  return "global";
}

const char* ReportOutcomeName(ReportOutcome outcome) {
  switch (outcome) {
    case ReportOutcome::kKilled:
      return "killed";
    case ReportOutcome::kGroupKilled:
      return "group_killed";
    case ReportOutcome::kPanic:
      return "panic";
    case ReportOutcome::kNoKillableProcess:
      return "no_killable_process";
    case ReportOutcome::kNone:
      return "none";
    case ReportOutcome::kUnknown:
      return "unknown";
  }
  return "unknown";
}

void AppendReportJson(const OomReport& report, bool schema, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  if (schema) json.Field("schema", kSchema);
  json.Field("kind", ReportKindName(report.kind));
  json.Field("outcome", ReportOutcomeName(report.outcome));
  json.Field("complete", report.complete);
  WriteStrings(json, "missing", report.missing);
  json.Field("first_line", report.first_line);
  json.Field("last_line", report.last_line);
  json.Field("timestamp_s", report.timestamp_s);
  if (report.kernel_release || report.tainted) {
    json.Key("kernel");
    json.BeginObject();
    json.Field("release", report.kernel_release);
    json.Field("tainted", report.tainted);
    json.EndObject();
  }
  json.Field("page_size_bytes", report.page_size_bytes);
  WriteInvoker(json, report.invoker);
  json.Field("constraint", report.constraint);
  json.Field("cpuset", report.cpuset);
  json.Field("mems_allowed", report.mems_allowed);
  json.Field("nodemask", report.nodemask);
  json.Field("oom_memcg", report.oom_memcg);
  json.Field("task_memcg", report.task_memcg);
  WriteChosen(json, report);
  json.Field("oom_group_memcg", report.oom_group_memcg);
  if (report.memcg) WriteMemcg(json, *report.memcg);
  if (report.mem_info) WriteMemInfo(json, *report.mem_info);
  if (report.has_task_table) {
    json.Key("tasks");
    json.BeginArray();
    for (const TaskRow& task : report.tasks) WriteTask(json, task);
    json.EndArray();
  }
  json.Key("victims");
  json.BeginArray();
  for (const Victim& victim : report.victims) WriteVictim(json, victim);
  json.EndArray();
  json.Field("panic_message", report.panic_message);
  if (!report.call_trace.empty()) {
    WriteStrings(json, "call_trace", report.call_trace);
  }
  json.Key("warnings");
  json.BeginArray();
  for (const Warning& warning : report.warnings) {
    json.BeginObject();
    json.Field("line", warning.line);
    json.Field("code", warning.code);
    json.Field("message", warning.message);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

std::string WriteReportsJson(const std::vector<OomReport>& reports) {
  std::string out = "{\"schema\":\"";
  out += kSchema;
  out += "\",\"reports\":[";
  bool first = true;
  for (const OomReport& report : reports) {
    out += first ? "\n" : ",\n";
    first = false;
    AppendReportJson(report, false, out);
  }
  out += first ? "]}" : "\n]}";
  return out;
}

}  // namespace oomlab::parser
