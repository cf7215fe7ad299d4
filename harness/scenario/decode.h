// Reads a scenario that is known to be valid: the guest agent gets the file
// that LoadScenario accepted. Links no schema validator.

#ifndef OOMLAB_HARNESS_SCENARIO_DECODE_H_
#define OOMLAB_HARNESS_SCENARIO_DECODE_H_

#include <string_view>

#include "base/result.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

// Unknown fields are passed over. Errors: kMalformed if a field cannot be read;
// the message has no line, so show files of users to LoadScenario instead.
[[nodiscard]] Result<Scenario> DecodeScenario(std::string_view text);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_DECODE_H_
