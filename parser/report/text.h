// OomReport -> what a person needs first, on one screen:
//
//   memory cgroup /t/a out of memory: killed prefork (pid 102)
//     when       1.603922 s after boot, lines 3-115, kernel 7.2.12+deb13-c...
//     invoker    prefork (pid 102, uid 0): order 0, GFP_KERNEL
//     memory     64.0 MiB of 64.0 MiB (failcnt 18); swap 0 B of max
//     holds      anon 63.2 MiB, kernel 800 KiB, pagetables 616 KiB, slab 1...
//     tasks      6, whose rss adds up to 165 MiB (shared pages count again...
//            pid  oom_score_adj         rss        swap  name
//     *      102              0    63.8 MiB         0 B  prefork
//            104              0    20.3 MiB         0 B  child
//     victim     prefork (pid 102, uid 0): 64.1 MiB mapped, rss anon 63.1 ...
//
// Names may hold anything; bytes that a terminal could act on, and those that
// are not printable ASCII or UTF-8, are shown as \xNN.

#ifndef OOMLAB_PARSER_REPORT_TEXT_H_
#define OOMLAB_PARSER_REPORT_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

struct TextOptions {
  std::size_t most_tasks = 8;  // Rows of the task table, the largest first.
};

// Ends in a line feed. Sizes are rounded to three digits.
[[nodiscard]] std::string FormatReport(const OomReport& report,
                                       const TextOptions& options);

// `text` with \xNN for what must not reach a terminal.
[[nodiscard]] std::string Printable(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_TEXT_H_
