// Lines of a memory cgroup's report:
//
//   memory: usage 65536kB, limit 65536kB, failcnt 18                v1, v2
//   memory+swap: usage 0kB, limit ..., failcnt 0                    v1
//   kmem: usage 0kB, limit ..., failcnt 0                           v1
//   swap: usage 0kB, limit 9007199254740988kB, failcnt 0            v2
//   Memory cgroup stats for /t/a:                                   5.3 on
//   anon 66310144
//   Memory cgroup stats for /t/a: cache:0KB rss:65536KB ...         3.9 to 5.2
//   Memory cgroup min protection 0kB -- low protection 0kB          6.19 on
//   Task in /t/a killed as a result of limit of /t                  up to 4.20
//   Memory limit reached of cgroup /t                               4.4 to 4.20

#ifndef OOMLAB_PARSER_REPORT_MEMCG_H_
#define OOMLAB_PARSER_REPORT_MEMCG_H_

#include <string>
#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

// Each adds one line; false when the line was damaged, and then what was whole
// is kept.
bool ParseMemcgUsage(std::string_view text, bool unterminated,
                     MemcgUsage& usage);
bool ParseMemcgStat(std::string_view text, bool unterminated,
                    MemcgUsage& usage);
bool ParseMinProtection(std::string_view text, MemcgUsage& usage);

// Sets the report's cgroups.
bool ParseMemcgTask(std::string_view text, bool unterminated,
                    OomReport& report);

// "Memory cgroup stats for PATH:" with or without values behind it. The values
// of the first line are taken; a subtree's further lines (3.9 to 5.2) belong
// to other cgroups and are not.
bool ParseMemcgStatsHead(std::string_view text, bool unterminated,
                         MemcgUsage& usage);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_MEMCG_H_
