// The kernel log from one known point to another, through /dev/kmsg.
//
// Both points are marks that this class writes into the log itself, so that
// "all that the kernel printed in between" is a fact and not a matter of
// waiting long enough. A mark is a user-space record (facility 1) such as
//
//   14,243,1390112,-;oomlab: begin 1
//
// Records are handed out as the kernel writes them, "prio,seq,usec,flags;text",
// control characters escaped as \xNN, dictionary lines left out. A gap in the
// sequence numbers or EPIPE is loss, and is counted.
//
// Source: Documentation/ABI/testing/dev-kmsg; devkmsg_read(),
// kernel/printk/printk.c. One read(2) returns one record.

#ifndef OOMLAB_HARNESS_CAPTURE_KMSG_H_
#define OOMLAB_HARNESS_CAPTURE_KMSG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/fd.h"
#include "base/result.h"

namespace oomlab::harness {

class KmsgReader {
 public:
  using Sink = std::function<void(std::string_view record)>;

  // Opens the log and puts the begin mark in it. `path` is /dev/kmsg but in
  // tests. Errors: kPermission where dmesg_restrict or the device's mode forbid
  // it.
  [[nodiscard]] static Result<KmsgReader> Begin(const std::string& path,
                                                std::string_view token);

  // Non-blocking; readable when a record waits.
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Hands every record that is there now to `sink`; returns how many. Records
  // before the begin mark are passed over.
  [[nodiscard]] Result<int> Drain(const Sink& sink);

  // Writes the end mark and drains until it comes by. Errors: kTimeout.
  [[nodiscard]] Result<> End(const Sink& sink, const Deadline& deadline);

  // Records known to be lost since Begin.
  [[nodiscard]] std::int64_t lost() const { return lost_; }

 private:
  KmsgReader(ScopedFd fd, ScopedFd mark_fd, std::string token);
  [[nodiscard]] Result<> WriteMark(std::string_view word);
  void TakeRecord(std::string_view record, const Sink& sink);

  ScopedFd fd_;
  ScopedFd mark_fd_;
  std::string token_;
  bool begun_ = false;
  bool ended_ = false;
  std::int64_t last_seq_ = -1;
  std::int64_t lost_ = 0;
};

// The parts of "4,242,1633011,-,caller=T1;text" that the harness needs.
struct KmsgRecord {
  unsigned facility = 0;  // 0: the kernel itself.
  std::int64_t seq = 0;
  std::string_view text;  // First line, still escaped.
};
[[nodiscard]] Result<KmsgRecord> ParseKmsgRecord(std::string_view record);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_CAPTURE_KMSG_H_
