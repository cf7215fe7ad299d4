// "key:value" runs, the form of most memory lines:
//
//   active_anon:435 inactive_anon:35240            pages, no unit
//   free:696kB min:160kB shmem_thp: 0kB ...        KiB; some have a space
//   0kBinactive_file:0kB                           a wrap took the blank
//   all_unreclaimable? yes
//
// Any key is taken, known or not.

#ifndef OOMLAB_PARSER_REPORT_KEY_VALUES_H_
#define OOMLAB_PARSER_REPORT_KEY_VALUES_H_

#include <optional>
#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

struct KeyValueOptions {
  bool needs_kb = false;      // A value without "kB" is a damaged one.
  bool unterminated = false;  // A number at the very end may lack digits.
};

// Appends what `text` holds to `values`; the answer to "all_unreclaimable?"
// goes to its own place. Returns false when some of the text made no sense.
bool ParseKeyValues(std::string_view text, KeyValueOptions options,
                    NamedValues& values,
                    std::optional<bool>* all_unreclaimable);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_KEY_VALUES_H_
