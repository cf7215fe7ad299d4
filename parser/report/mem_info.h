// Lines of the Mem-Info block (show_mem()), all eras from 2.6.32 on:
//
//   active_anon:30375 inactive_anon:0 isolated_anon:0                   pages
//   Node 0 active_anon:121500kB ... all_unreclaimable? yes              4.8 on
//   Node 0 DMA free:616kB boost:2048kB min:2212kB ...
//   lowmem_reserve[]: 0 128 128 128 128
//   Node 0 DMA: 1*4kB (U) 0*8kB 0*16kB ... = 612kB
//   Node 0 hugepages_total=0 hugepages_free=0 ... hugepages_size=2048kB
//   673 total pagecache pages
//   Free swap  = 0kB
//
// The node is printed with CONFIG_NUMA only.

#ifndef OOMLAB_PARSER_REPORT_MEM_INFO_H_
#define OOMLAB_PARSER_REPORT_MEM_INFO_H_

#include <string_view>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

// Each adds one line to `info`; false when the line was damaged, and then what
// was whole is kept. `unterminated`: the input ends in the line.
bool ParseCounters(std::string_view text, bool unterminated, MemInfo& info);
bool ParseNodeLine(std::string_view text, bool unterminated, MemInfo& info);
bool ParseZoneLine(std::string_view text, bool unterminated, MemInfo& info);
bool ParseLowmemReserve(std::string_view text, bool unterminated,
                        ZoneInfo& zone);
bool ParseBuddyLine(std::string_view text, bool unterminated, MemInfo& info);
bool ParseHugepages(std::string_view text, MemInfo& info);
bool ParsePageCount(std::string_view text, MemInfo& info);
bool ParseSwapLine(std::string_view text, MemInfo& info);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_MEM_INFO_H_
