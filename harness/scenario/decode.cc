#include "harness/scenario/decode.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/size.h"

namespace oomlab::harness {
namespace {

using nlohmann::json;

// Inside this file an error travels as an exception, as the library's own do.
std::uint64_t Size(const json& value) {
  if (value.is_number()) {
    if (!value.is_number_unsigned())
      throw std::invalid_argument(value.dump() + " is not a size");
    return value.get<std::uint64_t>();
  }
  const Result<std::uint64_t> size = ParseSize(value.get<std::string>());
  if (!size) throw std::invalid_argument(size.error().message);
  return *size;
}

// As the kernel's control file takes it.
std::string Control(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  if (value == "max") return "max";
  return std::to_string(Size(value));
}

template <class T>
std::optional<T> Optional(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  return found->get<T>();
}

std::uint64_t SizeOr0(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? 0 : Size(*found);
}

PreforkOptions Prefork(const json& workload) {
  PreforkOptions options;
  options.image_bytes = Size(workload.at("image"));
  options.workers = workload.value("workers", options.workers);
  options.grow_bytes = SizeOr0(workload, "grow_by");
  options.worker_private_bytes = SizeOr0(workload, "worker_private");
  options.worker_comm = Optional<std::string>(workload, "worker_comm");
  const std::string grow = workload.value("grow", "none");
  if (grow == "parent") {
    options.grow = PreforkOptions::Grow::kParent;
  } else if (grow == "worker") {
    options.grow = PreforkOptions::Grow::kWorker;
  } else if (grow != "none") {
    throw std::invalid_argument("unknown grow \"" + grow + "\"");
  }
  return options;
}

AllocOptions Alloc(const json& workload) {
  AllocOptions options;
  options.workers = workload.value("workers", options.workers);
  options.bytes = Size(workload.at("bytes"));
  options.cycles = workload.value("cycles", options.cycles);
  options.worker_comm = Optional<std::string>(workload, "worker_comm");
  const std::string mode = workload.value("mode", "keep");
  if (mode == "cycle") {
    options.mode = AllocOptions::Mode::kCycle;
  } else if (mode != "keep") {
    throw std::invalid_argument("unknown mode \"" + mode + "\"");
  }
  return options;
}

Workload DecodeWorkload(const json& from) {
  Workload workload;
  workload.name = from.at("name").get<std::string>();
  workload.cgroup = from.value("cgroup", workload.cgroup);
  workload.comm = Optional<std::string>(from, "comm");
  workload.oom_score_adj = from.value("oom_score_adj", workload.oom_score_adj);
  const auto kind = from.at("kind").get<std::string>();
  if (kind == "prefork") {
    workload.options = Prefork(from);
  } else if (kind == "alloc") {
    workload.options = Alloc(from);
  } else {
    throw std::invalid_argument("unknown kind \"" + kind + "\"");
  }
  return workload;
}

std::optional<std::vector<ProcessPattern>> Patterns(const json& expect,
                                                    const char* key) {
  const auto found = expect.find(key);
  if (found == expect.end()) return std::nullopt;
  std::vector<ProcessPattern> patterns;
  for (const json& pattern : *found)
    patterns.push_back({pattern.at("process").get<std::string>(),
                        Optional<unsigned>(pattern, "count")});
  return patterns;
}

Scenario Decode(const json& from) {
  if (from.at("schema") != "oomlab.scenario/1")
    throw std::invalid_argument("not of schema oomlab.scenario/1");
  Scenario scenario;
  scenario.name = from.at("name").get<std::string>();
  scenario.description = from.value("description", "");
  scenario.deadline_s = from.value("deadline_s", scenario.deadline_s);
  if (const auto machine = from.find("machine"); machine != from.end()) {
    if (machine->contains("memory"))
      scenario.machine.memory_bytes = Size(machine->at("memory"));
    scenario.machine.cpus = machine->value("cpus", scenario.machine.cpus);
    if (machine->value("type", "microvm") == "q35")
      scenario.machine.type = Machine::Type::kQ35;
  }
  if (const auto sysctls = from.find("sysctls"); sysctls != from.end())
    for (const auto& [name, value] : sysctls->items())
      scenario.sysctls[name] =
          value.is_string() ? value.get<std::string>() : value.dump();
  if (const auto cgroups = from.find("cgroups"); cgroups != from.end()) {
    for (const json& each : *cgroups) {
      CgroupSpec cgroup;
      for (const auto& [name, value] : each.items()) {
        if (name == "path") {
          cgroup.path = value.get<std::string>();
        } else {
          cgroup.controls[name] = Control(value);
        }
      }
      scenario.cgroups.push_back(std::move(cgroup));
    }
  }
  for (const json& workload : from.at("workloads"))
    scenario.workloads.push_back(DecodeWorkload(workload));
  const json& expect = from.at("expect");
  scenario.expect.outcome = Optional<std::string>(expect, "outcome");
  scenario.expect.constraint = Optional<std::string>(expect, "constraint");
  scenario.expect.victims = Patterns(expect, "victims");
  scenario.expect.survivors = Patterns(expect, "survivors");
  scenario.expect.task_table = Optional<bool>(expect, "task_table");
  return scenario;
}

}  // namespace

Result<Scenario> DecodeScenario(std::string_view text) {
  try {
    return Decode(json::parse(text, nullptr, true, true));
  } catch (const json::exception& error) {
    return Fail(ErrorCode::kMalformed,
                std::string("cannot read the scenario: ") + error.what());
  } catch (const std::invalid_argument& error) {
    return Fail(ErrorCode::kMalformed,
                std::string("cannot read the scenario: ") + error.what());
  }
}

}  // namespace oomlab::harness
