// The JSON Schema (draft 7) of oomlab.scenario/1, as printed by
// `oomlab schema scenario`. Its descriptions are the reference of the file's
// form: units, defaults, meanings. Every object in it is closed.
//
//   {
//     "schema": "oomlab.scenario/1",
//     "name": "two-hogs",
//     "workloads": [
//       {"name": "hogs", "kind": "alloc", "workers": 2, "bytes": "100MiB"}
//     ],
//     "expect": {"outcome": "killed"}
//   }
//
// What JSON Schema cannot say (names that must exist, sizes that must fit) is
// in check.h.

#ifndef OOMLAB_HARNESS_SCENARIO_SCHEMA_H_
#define OOMLAB_HARNESS_SCENARIO_SCHEMA_H_

#include <string_view>

namespace oomlab::harness {

// A JSON text.
[[nodiscard]] std::string_view ScenarioSchema();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_SCHEMA_H_
