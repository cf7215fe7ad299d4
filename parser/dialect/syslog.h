// What log collectors put before a line of kernel text:
//
//   Mar  8 11:36:09 host kernel: text                  RFC 3164, journalctl
//   Jan  1 00:00:09 host kern.warn kernel: text        busybox
//   2025-08-12T03:54:03.123456+02:00 host kernel: text rsyslog, short-iso
//   <4>1 2025-08-12T03:54:03Z host kernel - - - text   RFC 5424
//   2025-08-12T03:54:03,123456+00:00 text              dmesg --time-format=iso
//   2025-08-12T03:54:03.1Z stdout F text               containerd, CRI-O
//   2025-08-12T03:54:03.1Z In(05) vcpu-5 - Guest: text VMware
//   kernel: text

#ifndef OOMLAB_PARSER_DIALECT_SYSLOG_H_
#define OOMLAB_PARSER_DIALECT_SYSLOG_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace oomlab::parser {

enum class Envelope : std::uint8_t {
  kNone,       // The text has no such front.
  kKernel,     // It had one, of kernel text.
  kUnknown,    // It had one that does not say whose text follows.
  kUserSpace,  // A program wrote the line.
  kPartial,    // CRI: as kUnknown, and the line goes on in the next one.
};

// Takes one front off `text`, unless it is user space's or there is none.
// `level`: of RFC 5424's priority.
[[nodiscard]] Envelope TakeEnvelope(std::string_view& text,
                                    std::optional<int>& level);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_SYSLOG_H_
