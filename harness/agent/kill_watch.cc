#include "harness/agent/kill_watch.h"

#include <charconv>

#include "harness/capture/kmsg.h"

namespace oomlab::harness {

std::int64_t KillWatch::Count(
    const std::map<std::string, std::int64_t>& vmstat) {
  const auto it = vmstat.find("oom_kill");
  return it == vmstat.end() ? 0 : it->second;
}

void KillWatch::TakeRecord(std::string_view record) {
  constexpr std::string_view kKilled = ": Killed process ";
  const auto parsed = ParseKmsgRecord(record);
  if (!parsed || parsed->facility != 0) return;
  // Anchored at the start: a comm can hold the same words.
  std::string_view text = parsed->text;
  if (!text.starts_with("Out of memory") &&
      !text.starts_with("Memory cgroup out of memory"))
    return;
  const auto at = text.find(kKilled);
  if (at == std::string_view::npos) return;
  text.remove_prefix(at + kKilled.size());
  int pid = 0;
  const auto [end, ec] =
      std::from_chars(text.data(), text.data() + text.size(), pid);
  if (ec != std::errc{}) return;
  ++lines_;
  pids_.insert(pid);
}

}  // namespace oomlab::harness
