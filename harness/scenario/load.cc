#include "harness/scenario/load.h"

#include <utility>
#include <vector>

#include "harness/scenario/check.h"
#include "harness/scenario/decode.h"
#include "harness/scenario/diagnostic.h"
#include "harness/scenario/json_source.h"
#include "harness/scenario/schema.h"
#include "harness/scenario/validate.h"

namespace oomlab::harness {

Result<Scenario> LoadScenario(std::string_view text, std::string_view name) {
  const Result<JsonSource> source = JsonSource::Parse(text, name);
  if (!source) return tl::unexpected(source.error());
  std::vector<Diagnostic> found =
      ValidateJson(source->document(), ScenarioSchema());
  for (Diagnostic& each : CheckValues(source->document()))
    found.push_back(std::move(each));
  // What does not hold by itself is not held against the rest: that would only
  // report consequences.
  if (!found.empty()) return tl::unexpected(ToError(*source, std::move(found)));
  Result<Scenario> scenario = DecodeScenario(text);
  if (!scenario) return Wrap(name, scenario.error());
  found = CheckWhole(*scenario);
  if (!found.empty()) return tl::unexpected(ToError(*source, std::move(found)));
  return scenario;
}

}  // namespace oomlab::harness
