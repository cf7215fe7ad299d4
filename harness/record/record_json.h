// JSON of a RunRecord: record.json, schema oomlab.record/1 (see schema.h).
//
//   {
//     "schema": "oomlab.record/1",
//     "status": "complete",
//     "context": {"oomlab_version": "0.1", "kernel_release": "6.12.95...",
//     ...}, "scenario_name": "prefork-memcg", ... "verdict": "pass",
//     "findings": [...], "times": {...}, "observation": {...}
//   }
//
// Keys are the field names; what is absent is left out. kernel_log and
// scenario_text are not in it: they are files of their own.

#ifndef OOMLAB_HARNESS_RECORD_RECORD_JSON_H_
#define OOMLAB_HARNESS_RECORD_RECORD_JSON_H_

#include <string>
#include <string_view>

#include "base/result.h"
#include "harness/record/run_record.h"

namespace oomlab::harness {

// The text of the file, with a final newline. Bytes that are not UTF-8 are
// replaced, and kept beside in comm_hex where they are a comm.
[[nodiscard]] std::string EncodeRecord(const RunRecord& record);

// Errors: kMalformed for what is no JSON, another schema, or a field that is
// missing or mistyped, which the message names.
[[nodiscard]] Result<RunRecord> DecodeRecord(std::string_view text);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_RECORD_JSON_H_
