#include "harness/agent/message.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

template <class T>
Result<> Append(Result<T> decoded, std::vector<T>& to) {
  if (!decoded) return tl::unexpected(decoded.error());
  to.push_back(*std::move(decoded));
  return {};
}

template <class T>
Result<> Set(Result<T> decoded, std::optional<T>& to) {
  if (!decoded) return tl::unexpected(decoded.error());
  to = *std::move(decoded);
  return {};
}

Result<> ApplyProcess(const Json& body, Observation& observation) {
  Result<ProcessObservation> process = DecodeProcess(body);
  if (!process) return tl::unexpected(process.error());
  auto& all = observation.processes;
  const auto known = std::find_if(
      all.begin(), all.end(),
      [&](const ProcessObservation& p) { return p.pid == process->pid; });
  if (known != all.end())
    *known = *std::move(process);
  else
    all.push_back(*std::move(process));
  return {};
}

using Apply = Result<> (*)(const Json&, Observation&);

const std::map<std::string_view, Apply>& Handlers() {
  static const std::map<std::string_view, Apply> handlers = {
      {"hello",
       [](const Json& m, Observation& o) {
         return Set(DecodeGuestInfo(m.at("guest")), o.guest);
       }},
      {"phase",
       [](const Json& m, Observation& o) -> Result<> {
         o.phases.push_back({m.at("name").get<std::string>(),
                             m.at("t_ns").get<std::int64_t>()});
         return {};
       }},
      {"process",
       [](const Json& m, Observation& o) {
         return ApplyProcess(m.at("process"), o);
       }},
      {"counters_before",
       [](const Json& m, Observation& o) {
         return Set(DecodeCounters(m.at("counters")), o.before);
       }},
      {"counters_after",
       [](const Json& m, Observation& o) {
         return Set(DecodeCounters(m.at("counters")), o.after);
       }},
      {"sample",
       [](const Json& m, Observation& o) {
         return Append(DecodeSample(m.at("sample")), o.samples);
       }},
      {"snapshot",
       [](const Json& m, Observation& o) {
         return Append(DecodeSnapshot(m.at("snapshot")), o.snapshots);
       }},
      {"kmsg",
       [](const Json& m, Observation& o) -> Result<> {
         o.kernel_log += m.at("record").get<std::string>();
         o.kernel_log += '\n';
         return {};
       }},
      {"kmsg_lost",
       [](const Json& m, Observation& o) -> Result<> {
         o.kernel_log_lost += m.at("records").get<std::int64_t>();
         return {};
       }},
      {"error",
       [](const Json& m, Observation& o) -> Result<> {
         o.agent_errors.push_back(m.at("message").get<std::string>());
         return {};
       }},
      {"unsupported",
       [](const Json& m, Observation& o) -> Result<> {
         o.unsupported.push_back(m.at("message").get<std::string>());
         return {};
       }},
      {"end",
       [](const Json&, Observation& o) -> Result<> {
         o.finished = true;
         return {};
       }},
  };
  return handlers;
}

}  // namespace

void MessageWriter::Send(std::string_view type, const Json& fields) {
  if (!status_) return;
  Json message = {{"seq", next_seq_++}, {"type", type}};
  message.update(fields);
  // comm and messages may hold any byte; the record keeps raw ones elsewhere.
  std::string line =
      message.dump(-1, ' ', false, Json::error_handler_t::replace);
  line += '\n';
  status_ = WriteAll(fd_, line, "the results channel");
}

void MessageWriter::Hello(const GuestInfo& guest) {
  Send("hello", {{"guest", EncodeGuestInfo(guest)}});
}
void MessageWriter::EnterPhase(std::string_view name, std::int64_t t_ns) {
  Send("phase", {{"name", name}, {"t_ns", t_ns}});
}
void MessageWriter::Process(const ProcessObservation& process) {
  Send("process", {{"process", EncodeProcess(process)}});
}
void MessageWriter::CountersBefore(const Counters& counters) {
  Send("counters_before", {{"counters", EncodeCounters(counters)}});
}
void MessageWriter::CountersAfter(const Counters& counters) {
  Send("counters_after", {{"counters", EncodeCounters(counters)}});
}
void MessageWriter::AddSample(const Sample& sample) {
  Send("sample", {{"sample", EncodeSample(sample)}});
}
void MessageWriter::Snapshot(const MemorySnapshot& snapshot) {
  Send("snapshot", {{"snapshot", EncodeSnapshot(snapshot)}});
}
void MessageWriter::KernelLogRecord(std::string_view record) {
  Send("kmsg", {{"record", record}});
}
void MessageWriter::KernelLogLost(std::int64_t records) {
  Send("kmsg_lost", {{"records", records}});
}
void MessageWriter::AgentError(std::string_view message) {
  Send("error", {{"message", message}});
}
void MessageWriter::Unsupported(std::string_view message) {
  Send("unsupported", {{"message", message}});
}
void MessageWriter::End() { Send("end", {{"messages", next_seq_ + 1}}); }

Result<> ApplyMessage(const Json& message, Observation& observation) {
  try {
    const auto type = message.at("type").get<std::string>();
    const auto handler = Handlers().find(type);
    if (handler == Handlers().end())
      return Fail(ErrorCode::kMalformed, "unknown message type '" + type + "'");
    return handler->second(message, observation);
  } catch (const Json::exception& error) {
    return Fail(ErrorCode::kMalformed,
                std::string("damaged message: ") + error.what());
  }
}

}  // namespace oomlab::harness
