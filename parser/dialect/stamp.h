// What the kernel and dmesg put before a line's text, in any combination:
//
//   <6>                          dmesg -r, netconsole: facility * 8 + level
//   kern  :warn  :               dmesg -x
//   [    1.938968]               seconds since boot
//   [Tue Aug 12 03:54:03 2025]   dmesg -T, the weekday in any language
//   [  T102] [    C0]            CONFIG_PRINTK_CALLER: task or CPU

#ifndef OOMLAB_PARSER_DIALECT_STAMP_H_
#define OOMLAB_PARSER_DIALECT_STAMP_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace oomlab::parser {

struct Stamp {
  bool found = false;       // Anything but the bare text.
  bool user_space = false;  // The facility is not the kernel's.
  std::optional<std::int64_t> timestamp_us;
  std::optional<int> level;
  std::string_view caller;
};

// Takes the stamps off the front of `text`, with the one space that ends them.
[[nodiscard]] Stamp TakeStamp(std::string_view& text);

// "[    1.938968] " alone; nothing is taken when there is none.
[[nodiscard]] std::optional<std::int64_t> TakeBootTime(std::string_view& text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_STAMP_H_
