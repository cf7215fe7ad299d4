// Finds the few places of a large text where a report may be, at the speed of
// memory: the rest of a log is not even split into lines.
//
// A place is where one of these stands: "oom-" or "oom_" (every header,
// oom-kill: and oom_reaper line, and task table), "Kill" (kill lines up
// to 5.3), "Kernel panic", and a journal's message in byte values. Text without
// any of them holds no report in any dialect; with one it need not.

#ifndef OOMLAB_PARSER_ANCHORS_H_
#define OOMLAB_PARSER_ANCHORS_H_

#include <cstddef>
#include <string_view>

namespace oomlab::parser {

// Offset of the first place at or after `from`, or npos. With `lines`, the line
// feeds before it (or up to the end) are added.
[[nodiscard]] std::size_t FindAnchor(std::string_view text, std::size_t from,
                                     std::size_t& lines);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_ANCHORS_H_
