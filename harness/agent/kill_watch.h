// Whether the kernel's log has caught up with its count of OOM kills.
//
// The kernel counts a kill before it sends the signal and prints it after, so
// for a moment the counter is ahead of the log (__oom_kill_process(),
// mm/oom_kill.c). A memory.oom.group kill counts and prints its first victim
// twice, so lines and counter agree there too.

#ifndef OOMLAB_HARNESS_AGENT_KILL_WATCH_H_
#define OOMLAB_HARNESS_AGENT_KILL_WATCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace oomlab::harness {

class KillWatch {
 public:
  // oom_kill of /proc/vmstat (Linux 4.13 and later); 0 when absent.
  [[nodiscard]] static std::int64_t Count(
      const std::map<std::string, std::int64_t>& vmstat);

  explicit KillWatch(std::int64_t count_before) : before_(count_before) {}

  // A raw /dev/kmsg record. Counts
  //   "Out of memory: Killed process 134 (prefork) total-vm:..."
  //   "Memory cgroup out of memory: Killed process 135 (prefork) ..."
  // of the kernel itself; what user space wrote does not count.
  void TakeRecord(std::string_view record);

  [[nodiscard]] bool CaughtUp(
      const std::map<std::string, std::int64_t>& vmstat) const {
    return lines_ >= Count(vmstat) - before_;
  }

  // Every process that a kill line named.
  [[nodiscard]] const std::set<int>& pids() const { return pids_; }

 private:
  std::int64_t before_;
  std::int64_t lines_ = 0;
  std::set<int> pids_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_KILL_WATCH_H_
