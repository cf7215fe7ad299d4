#include "harness/capture/memory.h"

#include <array>
#include <charconv>
#include <ctime>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

// Of the roughly 200 names those that an OOM changes or that explain it.
constexpr std::array<std::string_view, 12> kVmstatPrefixes = {
    "oom_kill",     "pgfault",       "pgmajfault", "pgscan",
    "pgsteal",      "allocstall",    "pswp",       "drop_",
    "workingset_r", "nr_free_pages", "nr_anon_p",  "nr_page_table_pages"};

std::string ProcPath(int pid, std::string_view file) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(file);
}

}  // namespace

NamedCounts ParseNamedCounts(std::string_view text) {
  NamedCounts counts;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text = newline == std::string_view::npos ? "" : text.substr(newline + 1);
    const auto name_end = line.find_first_of(": ");
    if (name_end == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, name_end);
    line.remove_prefix(name_end);
    const auto digits = line.find_first_not_of(": ");
    if (digits == std::string_view::npos) continue;
    std::int64_t value = 0;
    const auto [end, ec] =
        std::from_chars(line.data() + digits, line.data() + line.size(), value);
    if (ec == std::errc{}) counts.emplace(name, value);
  }
  return counts;
}

Result<std::map<std::string, std::int64_t>> ReadVmstat() {
  const Result<std::string> text = ReadFile("/proc/vmstat");
  if (!text) return tl::unexpected(text.error());
  std::map<std::string, std::int64_t> kept;
  for (const auto& [name, value] : ParseNamedCounts(*text))
    for (const std::string_view prefix : kVmstatPrefixes)
      if (std::string_view(name).starts_with(prefix)) kept[name] = value;
  return kept;
}

Result<NamedCounts> ReadMeminfo() {
  const Result<std::string> text = ReadFile("/proc/meminfo");
  if (!text) return tl::unexpected(text.error());
  return ParseNamedCounts(*text);
}

Result<ProcessMemory> ReadProcessMemory(int pid) {
  const Result<std::string> text = ReadFile(ProcPath(pid, "smaps_rollup"));
  if (!text) return tl::unexpected(text.error());
  const NamedCounts counts = ParseNamedCounts(*text);
  const auto kib = [&](std::string_view name) {
    const auto it = counts.find(name);
    return it == counts.end() ? 0 : it->second;
  };
  ProcessMemory memory;
  memory.pid = pid;
  memory.rss_kib = kib("Rss");
  memory.pss_kib = kib("Pss");
  memory.shared_kib = kib("Shared_Clean") + kib("Shared_Dirty");
  memory.private_kib = kib("Private_Clean") + kib("Private_Dirty");
  memory.anon_kib = kib("Anonymous");
  memory.swap_kib = kib("Swap");
  return memory;
}

Result<std::string> ReadComm(int pid) {
  Result<std::string> comm = ReadFile(ProcPath(pid, "comm"));
  // Only the last byte: a comm may hold newlines itself.
  if (comm && comm->ends_with('\n')) comm->pop_back();
  return comm;
}

std::int64_t MonotonicNs() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace oomlab::harness
