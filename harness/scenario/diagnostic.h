// What is wrong with a JSON file, in words for the person who wrote it.
//
//   memcg.json:12:7: /workloads/0/imgae: unknown field
//     12 |       "imgae": "20MiB",
//        |       ^
//   hint: did you mean "image"?

#ifndef OOMLAB_HARNESS_SCENARIO_DIAGNOSTIC_H_
#define OOMLAB_HARNESS_SCENARIO_DIAGNOSTIC_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "harness/scenario/json_source.h"

namespace oomlab::harness {

struct Diagnostic {
  std::string pointer;
  JsonSource::Part part = JsonSource::Part::kValue;
  std::string what;  // "must be a string, not a number"
  std::string hint;  // What would be right, or empty.
};

// One kUsage error of all diagnostics (at least one), in the order of the file;
// what is missing comes after what is wrong. Each but the last carries its own
// "hint: " line in the message; the hint of the last is the Error's.
[[nodiscard]] Error ToError(const JsonSource& source,
                            std::vector<Diagnostic> diagnostics);

// The choice that `word` is a misspelling of, or empty.
[[nodiscard]] std::string NearestWord(std::string_view word,
                                      const std::vector<std::string>& choices);

// "\"a\", \"b\" or \"c\""
[[nodiscard]] std::string QuotedChoices(
    const std::vector<std::string>& choices);

// "did you mean "X"?" if one is near, else "choose "a", "b" or "c"".
[[nodiscard]] std::string HintOfChoices(
    std::string_view word, const std::vector<std::string>& choices);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_DIAGNOSTIC_H_
