// Messages: how the agent reports an Observation while it is made.
//
// One JSON object a line (NDJSON), numbered without gaps so that loss shows:
//
//   {"seq":0,"type":"hello","guest":{"release":"6.12.95+deb12-cloud-amd64",...}}
//   {"seq":1,"type":"phase","name":"sandbox","t_ns":1390000000}
//   {"seq":2,"type":"kmsg","record":"4,242,1633011,-;prefork invoked ..."}
//   ...
//   {"seq":97,"type":"end","messages":98}
//
// "messages" counts the end message too. MessageWriter makes them; ApplyMessage
// adds one to an Observation; numbering is checked by the receiver
// (harness/vm/channel.h).

#ifndef OOMLAB_HARNESS_AGENT_MESSAGE_H_
#define OOMLAB_HARNESS_AGENT_MESSAGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "harness/record/observation.h"
#include "harness/record/observation_json.h"

namespace oomlab::harness {

class MessageWriter {
 public:
  // Writes to `fd`, which it does not own. A failed write is remembered: see
  // status().
  explicit MessageWriter(int fd) : fd_(fd) {}

  void Hello(const GuestInfo& guest);
  void EnterPhase(std::string_view name, std::int64_t t_ns);
  void Process(const ProcessObservation& process);  // New, or changed: by pid.
  void CountersBefore(const Counters& counters);
  void CountersAfter(const Counters& counters);
  void AddSample(const Sample& sample);
  void Snapshot(const MemorySnapshot& snapshot);
  void KernelLogRecord(std::string_view record);
  void KernelLogLost(std::int64_t records);
  void AgentError(std::string_view message);
  void Unsupported(std::string_view message);
  void End();

  [[nodiscard]] const Result<>& status() const { return status_; }

 private:
  void Send(std::string_view type, const Json& fields);

  int fd_;
  std::uint64_t next_seq_ = 0;
  Result<> status_;
};

// Adds a message to `observation`; a Process message with a known pid replaces
// what was known of it. Errors: kMalformed for an unknown type or a damaged
// body.
[[nodiscard]] Result<> ApplyMessage(const Json& message,
                                    Observation& observation);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_MESSAGE_H_
