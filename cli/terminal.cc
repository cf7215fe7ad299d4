#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace oomlab::cli {

reports::TerminalStyle StyleOf(std::FILE* stream) {
  reports::TerminalStyle style;
  const char* no_color = std::getenv("NO_COLOR");
  style.colors = ::isatty(::fileno(stream)) == 1 &&
                 (no_color == nullptr || *no_color == '\0');
  return style;
}

}  // namespace oomlab::cli
