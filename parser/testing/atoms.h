// A report taken apart into "path=value" texts, so that tests can say: no value
// came up that was not there, and none under another name.
//
//   mem_info.zones[0 DMA].values_kib.free=616
//   tasks[102].rss_pages=29811

#ifndef OOMLAB_PARSER_TESTING_ATOMS_H_
#define OOMLAB_PARSER_TESTING_ATOMS_H_

#include <set>
#include <string>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

// Without what is said about the log rather than read from it: lines, warnings,
// completeness, and kind and outcome, which follow from all of it.
[[nodiscard]] std::set<std::string> Atoms(
    const std::vector<OomReport>& reports);

// The first few atoms of `got` that `known` lacks, one a line; empty: none.
[[nodiscard]] std::string Unknown(const std::set<std::string>& got,
                                  const std::set<std::string>& known);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_TESTING_ATOMS_H_
