// Finds every OOM report in a kernel log, whatever the log was copied through.
//
//   const std::string text = *ReadFile("kernel.log");
//   for (const OomReport& report : ParseLog(text)) ...
//
// Input is bytes: no encoding, line ending or length is assumed. Lines that
// belong to no report are passed over. Lines of /dev/kmsg whose facility is not
// 0 were written by user space and never count as kernel text.
//
// Never fails and never throws (except std::bad_alloc); what is doubtful is in
// OomReport::warnings, what is absent in OomReport::missing. Time is linear in
// the size of the text.

#ifndef OOMLAB_PARSER_PARSE_H_
#define OOMLAB_PARSER_PARSE_H_

#include <string_view>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

[[nodiscard]] std::vector<OomReport> ParseLog(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_PARSE_H_
