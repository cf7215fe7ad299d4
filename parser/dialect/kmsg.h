// Records of /dev/kmsg, one a line (Documentation/ABI/testing/dev-kmsg):
//
//   6,512,1938968,-,caller=T102;a\x0ab invoked oom-killer: gfp_mask=0xcc0(...
//    SUBSYSTEM=pci
//
// priority (facility * 8 + level), sequence number, microseconds since boot,
// flags, then what later kernels add, then the text. The kernel writes bytes
// below 0x20, from 0x7f up, and the backslash as \xNN, so a line is a record
// whatever a process calls itself. Lines that begin with a blank are the
// record's dictionary.

#ifndef OOMLAB_PARSER_DIALECT_KMSG_H_
#define OOMLAB_PARSER_DIALECT_KMSG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oomlab::parser {

struct KmsgRecord {
  std::uint32_t facility = 0;  // 0: the kernel itself; others: user space.
  int level = 0;
  std::uint64_t sequence = 0;
  std::int64_t timestamp_us = 0;
  std::string_view flags;   // "-", "c" (continuation)
  std::string_view caller;  // "T102", or empty.
  std::string_view text;    // Still escaped.
};

// nullopt when `line` does not begin like a record.
[[nodiscard]] std::optional<KmsgRecord> ParseKmsgRecord(std::string_view line);

// Appends `text` to `out` with each \xNN as its byte.
void AppendUnescaped(std::string_view text, std::string& out);

// Whether a record's text with line feeds in it is one of the kernel's own
// multi-line prints (the page counters of Mem-Info, or memory.stat in one
// piece). Everything else that holds a line feed holds it in a process name,
// where it must not begin a new line.
[[nodiscard]] bool IsMultiLinePrint(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_KMSG_H_
