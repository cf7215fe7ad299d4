// Memory while a scenario runs: samples of the whole at a period, snapshots of
// every process at a phase, and the kernel's counters.

#ifndef OOMLAB_HARNESS_AGENT_SAMPLER_H_
#define OOMLAB_HARNESS_AGENT_SAMPLER_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string_view>
#include <vector>

#include "harness/agent/message.h"
#include "harness/sandbox/cgroup_tree.h"

namespace oomlab::harness {

class Sampler {
 public:
  // All are borrowed.
  Sampler(boost::asio::io_context& loop, const CgroupTree& cgroups,
          MessageWriter& writer)
      : timer_(loop), cgroups_(cgroups), writer_(writer) {}

  // Samples now and then at a period of 20 ms, which doubles every 250 samples
  // so that the record of a long run stays small. The loop is woken as often.
  void Start();

  void SendSample();

  // smaps_rollup of each process; one that has just ended is left out.
  void SendSnapshot(std::string_view phase, const std::vector<int>& pids);

  // /proc/vmstat, and memory.events of each cgroup.
  [[nodiscard]] Result<Counters> ReadCounters() const;

 private:
  [[nodiscard]] std::map<std::string, std::int64_t> ReadCharges() const;

  boost::asio::steady_timer timer_;
  const CgroupTree& cgroups_;
  MessageWriter& writer_;
  std::chrono::milliseconds period_{20};
  int samples_ = 0;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_SAMPLER_H_
