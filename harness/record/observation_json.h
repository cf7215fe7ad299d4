// JSON of an Observation and of its parts: one form for the agent's messages
// and for record.json.
//
// Keys are the field names of observation.h; absent optionals are left out. A
// kernel log is not part of it (it is a file of its own). A comm that is not
// UTF-8 has its bad bytes replaced; "comm_hex" beside it holds the bytes.
//
// Decode functions never throw: a missing or mistyped field is kMalformed and
// the message names it.

#ifndef OOMLAB_HARNESS_RECORD_OBSERVATION_JSON_H_
#define OOMLAB_HARNESS_RECORD_OBSERVATION_JSON_H_

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "harness/record/observation.h"

namespace oomlab::harness {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json EncodeGuestInfo(const GuestInfo& guest);
[[nodiscard]] Json EncodeProcess(const ProcessObservation& process);
[[nodiscard]] Json EncodeCounters(const Counters& counters);
[[nodiscard]] Json EncodeSample(const Sample& sample);
[[nodiscard]] Json EncodeSnapshot(const MemorySnapshot& snapshot);
[[nodiscard]] Json EncodeObservation(const Observation& observation);

[[nodiscard]] Result<GuestInfo> DecodeGuestInfo(const Json& json);
[[nodiscard]] Result<ProcessObservation> DecodeProcess(const Json& json);
[[nodiscard]] Result<Counters> DecodeCounters(const Json& json);
[[nodiscard]] Result<Sample> DecodeSample(const Json& json);
[[nodiscard]] Result<MemorySnapshot> DecodeSnapshot(const Json& json);
[[nodiscard]] Result<Observation> DecodeObservation(const Json& json);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_OBSERVATION_JSON_H_
