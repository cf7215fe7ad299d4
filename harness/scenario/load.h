// Reads scenario files: JSON with // and /* */ comments, schema
// oomlab.scenario/1.
//
//   Result<Scenario> scenario = LoadScenario(text, "scenarios/memcg.json");
//
// An error names the place and the way out:
//
//   scenarios/memcg.json:12:17: /workloads/0/imgae: unknown field
//   hint: did you mean "image"?

#ifndef OOMLAB_HARNESS_SCENARIO_LOAD_H_
#define OOMLAB_HARNESS_SCENARIO_LOAD_H_

#include <string>
#include <string_view>

#include "base/result.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

// `name` is used in messages only. Errors: kMalformed for text that is not
// JSON, kUsage for JSON that is not a scenario; the message starts with
// "name:line:column: ".
[[nodiscard]] Result<Scenario> LoadScenario(std::string_view text,
                                            std::string_view name);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_LOAD_H_
