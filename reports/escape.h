// Makes text of unknown origin safe to print. Process names, log lines and
// paths are chosen by whoever ran on the machine, and may hold anything.

#ifndef OOMLAB_REPORTS_ESCAPE_H_
#define OOMLAB_REPORTS_ESCAPE_H_

#include <string>
#include <string_view>

namespace oomlab::reports {

// One line of valid UTF-8 that no terminal obeys and that cannot change the
// direction of what follows:
//
//   "a\x1b[2J"       -> "a\\x1b[2J"     control characters, also tab, newline
//   "a\xff"          -> "a\\xff"        bytes that are not UTF-8
//   "a\xc2\x9b"      -> "a\\u009b"      C1 control characters
//   "a\u202e"        -> "a\\u202e"      bidi controls, line separators, BOM
//
// Everything else stays, backslashes too: this is for reading, not for reading
// back.
[[nodiscard]] std::string EscapeText(std::string_view text);

}  // namespace oomlab::reports

#endif  // OOMLAB_REPORTS_ESCAPE_H_
