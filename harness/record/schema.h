// The JSON Schema (draft 7) of oomlab.record/1, that is of record.json, as
// printed by `oomlab schema record`. Every object in it is closed; units are in
// the names.

#ifndef OOMLAB_HARNESS_RECORD_SCHEMA_H_
#define OOMLAB_HARNESS_RECORD_SCHEMA_H_

#include <string_view>

namespace oomlab::harness {

// A JSON text.
[[nodiscard]] std::string_view RecordSchema();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_SCHEMA_H_
