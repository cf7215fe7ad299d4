// What a stream can show.

#ifndef OOMLAB_CLI_TERMINAL_H_
#define OOMLAB_CLI_TERMINAL_H_

#include <cstdio>

#include "reports/terminal.h"

namespace oomlab::cli {

// Colours on a terminal; plain elsewhere, or when NO_COLOR is set
// (https://no-color.org).
[[nodiscard]] reports::TerminalStyle StyleOf(std::FILE* stream);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_TERMINAL_H_
