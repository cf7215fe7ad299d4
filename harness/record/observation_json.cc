#include "harness/record/observation_json.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

namespace oomlab::harness {
namespace {

// Text for JSON, which is UTF-8. Bytes that are not are replaced and the
// original is kept beside it, in hexadecimal digits.
void PutBytes(Json& json, const char* key, const char* hex_key,
              const std::string& bytes) {
  const std::string text =
      Json(bytes).dump(-1, ' ', false, Json::error_handler_t::replace);
  json[key] = Json::parse(text);
  if (json[key] == bytes) return;
  std::string hex;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 0xf];
  }
  json[hex_key] = hex;
}

void TakeBytes(const Json& json, const char* key, const char* hex_key,
               std::string& bytes) {
  const auto it = json.find(hex_key);
  if (it == json.end()) {
    bytes = json.at(key).get<std::string>();
    return;
  }
  const auto& hex = it->get_ref<const std::string&>();
  bytes.clear();
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    unsigned byte = 0;
    const char* const end = hex.data() + std::min(at + 2, hex.size());
    const auto parsed = std::from_chars(hex.data() + at, end, byte, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != hex.data() + at + 2)
      throw Json::other_error::create(
          501, std::string(hex_key) + " is not made of pairs of hex digits",
          nullptr);
    bytes += static_cast<char>(byte);
  }
}

template <class T>
void PutOptional(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}

template <class T>
void TakeOptional(const Json& json, const char* key, std::optional<T>& value) {
  if (const auto it = json.find(key); it != json.end())
    value = it->template get<T>();
}

template <class T>
void Take(const Json& json, const char* key, T& value) {
  value = json.at(key).get<T>();
}

GuestInfo TakeGuestInfo(const Json& json) {
  GuestInfo guest;
  Take(json, "release", guest.release);
  Take(json, "version", guest.version);
  Take(json, "boot_cmdline", guest.boot_cmdline);
  Take(json, "cgroup_version", guest.cgroup_version);
  Take(json, "cpus", guest.cpus);
  Take(json, "page_size_bytes", guest.page_size_bytes);
  Take(json, "mem_total_kib", guest.mem_total_kib);
  Take(json, "mem_available_kib", guest.mem_available_kib);
  return guest;
}

ProcessObservation TakeProcess(const Json& json) {
  ProcessObservation process;
  Take(json, "workload", process.workload);
  Take(json, "role", process.role);
  Take(json, "index", process.index);
  Take(json, "pid", process.pid);
  TakeBytes(json, "comm", "comm_hex", process.comm);
  Take(json, "cgroup", process.cgroup);
  Take(json, "oom_score_adj", process.oom_score_adj);
  Take(json, "active", process.active);
  TakeOptional(json, "done", process.done);
  TakeOptional(json, "reached_bytes", process.reached_bytes);
  TakeOptional(json, "exit_code", process.exit_code);
  TakeOptional(json, "exit_signal", process.exit_signal);
  TakeOptional(json, "exit_ns", process.exit_ns);
  return process;
}

Counters TakeCounters(const Json& json) {
  Counters counters;
  Take(json, "vmstat", counters.vmstat);
  Take(json, "cgroup_events", counters.cgroup_events);
  return counters;
}

Sample TakeSample(const Json& json) {
  Sample sample;
  Take(json, "t_ns", sample.t_ns);
  Take(json, "cgroup_charge_bytes", sample.cgroup_charge_bytes);
  Take(json, "mem_free_kib", sample.mem_free_kib);
  Take(json, "mem_available_kib", sample.mem_available_kib);
  Take(json, "anon_kib", sample.anon_kib);
  Take(json, "shmem_kib", sample.shmem_kib);
  return sample;
}

MemorySnapshot TakeSnapshot(const Json& json) {
  MemorySnapshot snapshot;
  Take(json, "phase", snapshot.phase);
  Take(json, "t_ns", snapshot.t_ns);
  for (const Json& item : json.at("processes")) {
    ProcessMemory memory;
    Take(item, "pid", memory.pid);
    Take(item, "rss_kib", memory.rss_kib);
    Take(item, "pss_kib", memory.pss_kib);
    Take(item, "shared_kib", memory.shared_kib);
    Take(item, "private_kib", memory.private_kib);
    Take(item, "anon_kib", memory.anon_kib);
    Take(item, "swap_kib", memory.swap_kib);
    snapshot.processes.push_back(memory);
  }
  Take(json, "cgroup_charge_bytes", snapshot.cgroup_charge_bytes);
  return snapshot;
}

Observation TakeObservation(const Json& json) {
  Observation observation;
  if (const auto it = json.find("guest"); it != json.end())
    observation.guest = TakeGuestInfo(*it);
  for (const Json& item : json.at("phases"))
    observation.phases.push_back({item.at("name").get<std::string>(),
                                  item.at("t_ns").get<std::int64_t>()});
  for (const Json& item : json.at("processes"))
    observation.processes.push_back(TakeProcess(item));
  if (const auto it = json.find("before"); it != json.end())
    observation.before = TakeCounters(*it);
  if (const auto it = json.find("after"); it != json.end())
    observation.after = TakeCounters(*it);
  for (const Json& item : json.at("samples"))
    observation.samples.push_back(TakeSample(item));
  for (const Json& item : json.at("snapshots"))
    observation.snapshots.push_back(TakeSnapshot(item));
  Take(json, "kernel_log_lost", observation.kernel_log_lost);
  Take(json, "agent_errors", observation.agent_errors);
  Take(json, "unsupported", observation.unsupported);
  Take(json, "finished", observation.finished);
  return observation;
}

template <class T>
Result<T> Guarded(const Json& json, T (*take)(const Json&)) {
  try {
    return take(json);
  } catch (const Json::exception& error) {
    return Fail(ErrorCode::kMalformed, error.what());
  }
}

}  // namespace

Json EncodeGuestInfo(const GuestInfo& guest) {
  return {{"release", guest.release},
          {"version", guest.version},
          {"boot_cmdline", guest.boot_cmdline},
          {"cgroup_version", guest.cgroup_version},
          {"cpus", guest.cpus},
          {"page_size_bytes", guest.page_size_bytes},
          {"mem_total_kib", guest.mem_total_kib},
          {"mem_available_kib", guest.mem_available_kib}};
}

Json EncodeProcess(const ProcessObservation& process) {
  Json json = {{"workload", process.workload},
               {"role", process.role},
               {"index", process.index},
               {"pid", process.pid}};
  PutBytes(json, "comm", "comm_hex", process.comm);
  json["cgroup"] = process.cgroup;
  json["oom_score_adj"] = process.oom_score_adj;
  json["active"] = process.active;
  PutOptional(json, "done", process.done);
  PutOptional(json, "reached_bytes", process.reached_bytes);
  PutOptional(json, "exit_code", process.exit_code);
  PutOptional(json, "exit_signal", process.exit_signal);
  PutOptional(json, "exit_ns", process.exit_ns);
  return json;
}

Json EncodeCounters(const Counters& counters) {
  Json json;
  json["vmstat"] = counters.vmstat;
  json["cgroup_events"] = counters.cgroup_events;
  return json;
}

Json EncodeSample(const Sample& sample) {
  return {{"t_ns", sample.t_ns},
          {"cgroup_charge_bytes", sample.cgroup_charge_bytes},
          {"mem_free_kib", sample.mem_free_kib},
          {"mem_available_kib", sample.mem_available_kib},
          {"anon_kib", sample.anon_kib},
          {"shmem_kib", sample.shmem_kib}};
}

Json EncodeSnapshot(const MemorySnapshot& snapshot) {
  Json processes = Json::array();
  for (const ProcessMemory& memory : snapshot.processes)
    processes.push_back({{"pid", memory.pid},
                         {"rss_kib", memory.rss_kib},
                         {"pss_kib", memory.pss_kib},
                         {"shared_kib", memory.shared_kib},
                         {"private_kib", memory.private_kib},
                         {"anon_kib", memory.anon_kib},
                         {"swap_kib", memory.swap_kib}});
  return {{"phase", snapshot.phase},
          {"t_ns", snapshot.t_ns},
          {"processes", std::move(processes)},
          {"cgroup_charge_bytes", snapshot.cgroup_charge_bytes}};
}

Json EncodeObservation(const Observation& observation) {
  Json json = Json::object();
  if (observation.guest) json["guest"] = EncodeGuestInfo(*observation.guest);
  json["finished"] = observation.finished;
  json["agent_errors"] = observation.agent_errors;
  json["unsupported"] = observation.unsupported;
  json["kernel_log_lost"] = observation.kernel_log_lost;
  json["phases"] = Json::array();
  for (const Phase& phase : observation.phases)
    json["phases"].push_back({{"name", phase.name}, {"t_ns", phase.t_ns}});
  json["processes"] = Json::array();
  for (const ProcessObservation& process : observation.processes)
    json["processes"].push_back(EncodeProcess(process));
  if (observation.before) json["before"] = EncodeCounters(*observation.before);
  if (observation.after) json["after"] = EncodeCounters(*observation.after);
  json["snapshots"] = Json::array();
  for (const MemorySnapshot& snapshot : observation.snapshots)
    json["snapshots"].push_back(EncodeSnapshot(snapshot));
  json["samples"] = Json::array();
  for (const Sample& sample : observation.samples)
    json["samples"].push_back(EncodeSample(sample));
  return json;
}

Result<GuestInfo> DecodeGuestInfo(const Json& json) {
  return Guarded(json, TakeGuestInfo);
}
Result<ProcessObservation> DecodeProcess(const Json& json) {
  return Guarded(json, TakeProcess);
}
Result<Counters> DecodeCounters(const Json& json) {
  return Guarded(json, TakeCounters);
}
Result<Sample> DecodeSample(const Json& json) {
  return Guarded(json, TakeSample);
}
Result<MemorySnapshot> DecodeSnapshot(const Json& json) {
  return Guarded(json, TakeSnapshot);
}
Result<Observation> DecodeObservation(const Json& json) {
  return Guarded(json, TakeObservation);
}

}  // namespace oomlab::harness
