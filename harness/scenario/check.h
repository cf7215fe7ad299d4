// What a scenario must satisfy beyond its schema: sizes that can be read, names
// that fit, references to what exists, expectations that can come true.

#ifndef OOMLAB_HARNESS_SCENARIO_CHECK_H_
#define OOMLAB_HARNESS_SCENARIO_CHECK_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "harness/scenario/diagnostic.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

// Each value by itself: sizes, names, paths, comms. Fields of the wrong type
// are passed over, so this can run beside the schema.
[[nodiscard]] std::vector<Diagnostic> CheckValues(
    const nlohmann::json& document);

// The whole: unique names, cgroups that are declared, sizes that fit together,
// patterns of processes that exist, expectations that do not contradict each
// other. `scenario` is the decoded `document`.
[[nodiscard]] std::vector<Diagnostic> CheckWhole(const Scenario& scenario);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_CHECK_H_
