// Holds a JSON file against a JSON Schema and says in plain words what is
// wrong. Generic: the schema's own descriptions become the hints.

#ifndef OOMLAB_HARNESS_SCENARIO_VALIDATE_H_
#define OOMLAB_HARNESS_SCENARIO_VALIDATE_H_

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "harness/scenario/diagnostic.h"

namespace oomlab::harness {

// Every violation, unordered; empty if the document is valid. A missing field
// that a misspelt neighbour explains is not reported twice.
//
// `schema` is a valid draft 7 schema of these keywords: $ref within the schema,
// type, enum, const, properties, required, additionalProperties, items, allOf,
// if/then, and bounds on numbers, lengths and counts. Anything else aborts:
// it could not be explained.
[[nodiscard]] std::vector<Diagnostic> ValidateJson(
    const nlohmann::json& document, std::string_view schema);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_VALIDATE_H_
