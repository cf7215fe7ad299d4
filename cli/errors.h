// How the command tells of errors: to standard error, what failed and the way
// out.
//
//   error: scenarios/memcg.json:12:17: /workloads/0/imgae: unknown field
//   hint: did you mean "image"?

#ifndef OOMLAB_CLI_ERRORS_H_
#define OOMLAB_CLI_ERRORS_H_

#include "base/result.h"

namespace oomlab::cli {

// Prints the error; returns the exit status that goes with its code: 2 for what
// the user can mend (usage, a malformed or missing input), 4 for kUnsupported,
// 3 for the rest.
[[nodiscard]] int PrintError(const Error& error);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_ERRORS_H_
