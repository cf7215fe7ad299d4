#include "parser/report/memcg.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "parser/report/key_values.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

using Field = std::optional<std::uint64_t>;

bool TakeKib(std::string_view& text, std::string_view key, Field& value) {
  text = TrimLeft(text);
  if (!TakePrefix(text, key)) return false;
  const auto kib = TakeInt<std::uint64_t>(text);
  if (!kib || !(TakePrefix(text, "kB") || TakePrefix(text, "KB"))) return false;
  value = kib;
  TakePrefix(text, ",");
  return true;
}

}  // namespace

bool ParseMemcgUsage(std::string_view text, bool unterminated,
                     MemcgUsage& usage) {
  text = TrimLeft(text);
  Field *used = nullptr, *limit = nullptr, *failcnt = nullptr;
  if (TakePrefix(text, "memory+swap: ")) {
    used = &usage.memsw_usage_kib;
    limit = &usage.memsw_limit_kib;
    failcnt = &usage.memsw_failcnt;
  } else if (TakePrefix(text, "memory: ")) {
    used = &usage.usage_kib;
    limit = &usage.limit_kib;
    failcnt = &usage.failcnt;
  } else if (TakePrefix(text, "swap: ")) {
    used = &usage.swap_usage_kib;
    limit = &usage.swap_limit_kib;
    failcnt = &usage.swap_failcnt;
  } else if (TakePrefix(text, "kmem: ")) {
    used = &usage.kmem_usage_kib;
    limit = &usage.kmem_limit_kib;
    failcnt = &usage.kmem_failcnt;
  } else {
    return false;
  }
  if (!TakeKib(text, "usage ", *used) || !TakeKib(text, "limit ", *limit)) {
    return false;
  }
  text = TrimLeft(text);
  if (!TakePrefix(text, "failcnt ")) return false;
  const auto count = TakeInt<std::uint64_t>(text);
  if (!count || (text.empty() && unterminated)) return false;
  *failcnt = count;
  return true;
}

bool ParseMemcgStat(std::string_view text, bool unterminated,
                    MemcgUsage& usage) {
  text = TrimLeft(text);
  const std::string_view key = TakeWord(text);
  const auto value = TakeInt<std::int64_t>(text);
  if (!value || (text.empty() && unterminated)) return false;
  usage.stats.emplace_back(key, *value);
  return true;
}

bool ParseMinProtection(std::string_view text, MemcgUsage& usage) {
  text = TrimLeft(text);
  if (!TakeKib(text, "Memory cgroup min protection ",
               usage.min_protection_kib)) {
    return false;
  }
  text = TrimLeft(text);
  TakePrefix(text, "--");
  return TakeKib(text, "low protection ", usage.low_protection_kib);
}

bool ParseMemcgTask(std::string_view text, bool unterminated,
                    OomReport& report) {
  text = TrimLeft(text);
  if (TakePrefix(text, "Memory limit reached of cgroup ")) {
    if (!unterminated) report.oom_memcg = std::string(TrimRight(text));
    return !unterminated;
  }
  if (!TakePrefix(text, "Task in ")) return false;
  const auto task = TakeUntil(text, " killed as a result of limit of ");
  if (!task) return false;
  report.task_memcg = std::string(*task);
  if (!unterminated) report.oom_memcg = std::string(TrimRight(text));
  return !unterminated;
}

bool ParseMemcgStatsHead(std::string_view text, bool unterminated,
                         MemcgUsage& usage) {
  text = TrimRight(TrimLeft(text));
  if (!TakePrefix(text, "Memory cgroup stats for ")) return false;
  if (usage.stats_memcg) return true;
  if (text.ends_with(':')) {
    usage.stats_memcg = std::string(text.substr(0, text.size() - 1));
    return true;
  }
  // "/a: cache:0KB rss:..."; early kernels leave out the blank.
  const std::size_t values = text.rfind("cache:");
  if (values == std::string_view::npos) return false;
  const std::string_view path = TrimRight(text.substr(0, values));
  if (!path.ends_with(':')) return false;
  usage.stats_memcg = std::string(path.substr(0, path.size() - 1));
  NamedValues kib;
  const bool clean = ParseKeyValues(
      text.substr(values), {.needs_kb = true, .unterminated = unterminated},
      kib, nullptr);
  // memory.stat counts bytes, and so does this list in later kernels.
  for (auto& [key, value] : kib) {
    usage.stats.emplace_back(std::move(key), value * 1024);
  }
  return clean;
}

}  // namespace oomlab::parser
