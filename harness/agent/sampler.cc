#include "harness/agent/sampler.h"

#include <utility>

#include "harness/capture/memory.h"

namespace oomlab::harness {
namespace {

constexpr int kSamplesPerPeriod = 250;

}  // namespace

void Sampler::Start() {
  SendSample();
  if (++samples_ % kSamplesPerPeriod == 0) period_ *= 2;
  timer_.expires_after(period_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Start();
  });
}

void Sampler::SendSample() {
  const auto meminfo = ReadMeminfo();
  if (!meminfo) return writer_.AgentError(meminfo.error().message);
  const auto kib = [&](std::string_view name) {
    const auto it = meminfo->find(name);
    return it == meminfo->end() ? 0 : it->second;
  };
  Sample sample;
  sample.t_ns = MonotonicNs();
  sample.cgroup_charge_bytes = ReadCharges();
  sample.mem_free_kib = kib("MemFree");
  sample.mem_available_kib = kib("MemAvailable");
  sample.anon_kib = kib("AnonPages");
  sample.shmem_kib = kib("Shmem");
  writer_.AddSample(sample);
}

void Sampler::SendSnapshot(std::string_view phase,
                           const std::vector<int>& pids) {
  MemorySnapshot snapshot;
  snapshot.phase = phase;
  snapshot.t_ns = MonotonicNs();
  snapshot.cgroup_charge_bytes = ReadCharges();
  for (const int pid : pids)
    if (const auto memory = ReadProcessMemory(pid))
      snapshot.processes.push_back(*memory);
  writer_.Snapshot(snapshot);
}

Result<Counters> Sampler::ReadCounters() const {
  Counters counters;
  auto vmstat = ReadVmstat();
  if (!vmstat) return tl::unexpected(vmstat.error());
  counters.vmstat = *std::move(vmstat);
  for (const std::string& path : cgroups_.paths()) {
    auto events = cgroups_.ReadEvents(path);
    if (!events) return tl::unexpected(events.error());
    counters.cgroup_events[path] = *std::move(events);
  }
  return counters;
}

std::map<std::string, std::int64_t> Sampler::ReadCharges() const {
  std::map<std::string, std::int64_t> charges;
  for (const std::string& path : cgroups_.paths())
    if (const auto charge = cgroups_.ReadCharge(path)) charges[path] = *charge;
  return charges;
}

}  // namespace oomlab::harness
