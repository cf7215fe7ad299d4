// One line of kernel text, freed from what it was transported in.
//
//   6,512,1938968,-,caller=T102;prefork invoked oom-killer: gfp_mask=...
//   text "prefork invoked ...", timestamp 1.938968 s, level 6, caller "T102"

#ifndef OOMLAB_PARSER_DIALECT_KERNEL_LINE_H_
#define OOMLAB_PARSER_DIALECT_KERNEL_LINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace oomlab::parser {

struct KernelLine {
  std::string_view text;   // As the kernel printed it, leading blanks included.
  std::size_t number = 0;  // 1-based physical line, the first of a wrapped one.
  std::optional<std::int64_t> timestamp_us;  // Since boot.
  std::optional<int> level;                  // 0 (emergency) to 7 (debug).
  std::string_view caller;  // "T102" or "C0" (CONFIG_PRINTK_CALLER), or empty.
  // The input ends inside this line: its last word may be cut off.
  bool unterminated = false;
  // Records that are missing before this one (/dev/kmsg sequence numbers).
  std::uint64_t lost_before = 0;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_KERNEL_LINE_H_
