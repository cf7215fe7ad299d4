#include "harness/record/record_json.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "harness/record/observation_json.h"

namespace oomlab::harness {
namespace {

constexpr const char* kSchema = "oomlab.record/1";

constexpr std::array kVerdicts = {Verdict::kPass, Verdict::kFail,
                                  Verdict::kBroken, Verdict::kUnsupported};
constexpr std::array kCauses = {
    BrokenCause::kBootFailed,    BrokenCause::kGuestPanic,
    BrokenCause::kQemuDied,      BrokenCause::kDeadline,
    BrokenCause::kChannel,       BrokenCause::kAgent,
    BrokenCause::kKernelLogLost, BrokenCause::kWitness,
    BrokenCause::kHost};

// The value whose name is `name`; throws for another.
template <class Values, class NameOf>
auto ByName(const Values& values, NameOf name_of, const std::string& name) {
  const auto found =
      std::find_if(values.begin(), values.end(),
                   [&](const auto& value) { return name_of(value) == name; });
  if (found == values.end())
    throw std::invalid_argument("unknown value \"" + name + "\"");
  return *found;
}

// Lists each field of the context once, for both directions.
template <class Context, class Visit>
void VisitContext(Context& context, Visit visit) {
  visit("oomlab_version", context.oomlab_version);
  visit("started_at", context.started_at);
  visit("host_kernel", context.host_kernel);
  visit("host_cpu", context.host_cpu);
  visit("host_cpus", context.host_cpus);
  visit("backend", context.backend);
  visit("kernel_name", context.kernel_name);
  visit("kernel_path", context.kernel_path);
  visit("kernel_release", context.kernel_release);
  visit("kernel_package_version", context.kernel_package_version);
  visit("kernel_sha256", context.kernel_sha256);
  visit("qemu_version", context.qemu_version);
  visit("machine_type", context.machine_type);
  visit("qemu_command", context.qemu_command);
  visit("accel", context.accel);
  visit("accel_reason", context.accel_reason);
  visit("replay_command", context.replay_command);
}

Json EncodeFinding(const Finding& finding) {
  return {{"holds", finding.holds},
          {"expectation", finding.expectation},
          {"expected", finding.expected},
          {"found", finding.found},
          {"log_lines", finding.log_lines}};
}

template <class T>
void Take(const Json& json, const char* key, T& value) {
  value = json.at(key).get<T>();
}

Finding TakeFinding(const Json& json) {
  Finding finding;
  Take(json, "holds", finding.holds);
  Take(json, "expectation", finding.expectation);
  Take(json, "expected", finding.expected);
  Take(json, "found", finding.found);
  Take(json, "log_lines", finding.log_lines);
  return finding;
}

RunRecord TakeRecord(const Json& json) {
  if (json.at("schema") != kSchema)
    throw std::invalid_argument("schema is " + json.at("schema").dump() +
                                ", not \"" + kSchema + "\"");
  RunRecord record;
  Take(json, "status", record.status);
  const Json& context = json.at("context");
  VisitContext(record.context, [&context](const char* key, auto& value) {
    Take(context, key, value);
  });
  Take(json, "scenario_name", record.scenario_name);
  Take(json, "scenario_path", record.scenario_path);
  Take(json, "scenario_sha256", record.scenario_sha256);
  if (const auto it = json.find("verdict"); it != json.end())
    record.verdict = ByName(kVerdicts, VerdictName, it->get<std::string>());
  if (const auto it = json.find("broken"); it != json.end())
    record.broken = Broken{
        ByName(kCauses, BrokenCauseName, it->at("cause").get<std::string>()),
        it->at("message").get<std::string>()};
  for (const Json& finding : json.at("findings"))
    record.findings.push_back(TakeFinding(finding));
  if (const auto it = json.find("console_panic"); it != json.end())
    record.console_panic = it->get<std::string>();
  const Json& times = json.at("times");
  Take(times, "boot_s", record.times.boot_s);
  Take(times, "run_s", record.times.run_s);
  Take(times, "total_s", record.times.total_s);
  Result<Observation> observation = DecodeObservation(json.at("observation"));
  if (!observation)
    throw std::invalid_argument("observation: " + observation.error().message);
  record.observation = *std::move(observation);
  return record;
}

}  // namespace

std::string EncodeRecord(const RunRecord& record) {
  Json json;
  json["schema"] = kSchema;
  json["status"] = record.status;
  Json& context = json["context"];
  VisitContext(record.context, [&context](const char* key, const auto& value) {
    context[key] = value;
  });
  json["scenario_name"] = record.scenario_name;
  json["scenario_path"] = record.scenario_path;
  json["scenario_sha256"] = record.scenario_sha256;
  if (record.verdict) json["verdict"] = VerdictName(*record.verdict);
  if (record.broken)
    json["broken"] = {{"cause", BrokenCauseName(record.broken->cause)},
                      {"message", record.broken->message}};
  json["findings"] = Json::array();
  for (const Finding& finding : record.findings)
    json["findings"].push_back(EncodeFinding(finding));
  if (record.console_panic) json["console_panic"] = *record.console_panic;
  json["times"] = {{"boot_s", record.times.boot_s},
                   {"run_s", record.times.run_s},
                   {"total_s", record.times.total_s}};
  json["observation"] = EncodeObservation(record.observation);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<RunRecord> DecodeRecord(std::string_view text) {
  try {
    return TakeRecord(Json::parse(text));
  } catch (const Json::exception& error) {
    return Fail(ErrorCode::kMalformed, error.what());
  } catch (const std::invalid_argument& error) {
    return Fail(ErrorCode::kMalformed, error.what());
  }
}

}  // namespace oomlab::harness
