// Physical lines of a log -> lines of kernel text.
//
//   LineReader reader([](const KernelLine& line) { ... });
//   reader.Add("[    1.938968] prefork invoked oom-killer: ...", 3);
//   reader.Finish();
//
// The dialect is recognised line by line, so that one file may mix several:
// /dev/kmsg records (kmsg.h), stamps of the kernel and of dmesg (stamp.h),
// syslog and its kin (syslog.h), journal entries (journal.h), and copies of all
// these (copies.h). Lines that user space wrote are passed over.
//
// In a log whose lines have fronts, a line without one goes on with the line
// before it: where a serial console or an editor wrapped it in mid-word.
// Hence a line is handed out only when the next one has come.

#ifndef OOMLAB_PARSER_DIALECT_LINE_READER_H_
#define OOMLAB_PARSER_DIALECT_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "parser/dialect/copies.h"
#include "parser/dialect/journal.h"
#include "parser/dialect/kernel_line.h"
#include "parser/dialect/kmsg.h"

namespace oomlab::parser {

// A line that waits for its continuation.
struct HeldLine {
  KernelLine line;  // Its views point to the two strings.
  std::string text, caller;
  std::size_t last_width = 0;   // Of the physical line that came last.
  std::size_t front_width = 0;  // What precedes the text on its line.
  // "host kernel: " after the stamp, if the next line has it as well.
  std::size_t maybe_front = 0;
};

class LineReader {
 public:
  // The line's views are valid during the call only.
  using Sink = std::function<void(const KernelLine&)>;

  explicit LineReader(Sink sink) : sink_(std::move(sink)) {}

  // `raw` is without its line feed; `unterminated` when it had none.
  void Add(std::string_view raw, std::size_t number, bool unterminated = false);

  // Lines between the last one and the next were left out by the caller.
  void Skip();

  // Hands out what was held back.
  void Finish();

 private:
  void AddKmsg(const KmsgRecord& record, KernelLine line);
  void AddEntry(const JournalEntry& entry, KernelLine line);
  void AddText(std::string_view raw, KernelLine line);
  // Splits what is several lines in one record.
  void AddRecordText(std::string_view text, KernelLine line);
  void Hold(std::string_view text, const KernelLine& line, std::size_t width);
  bool Continue(std::string_view raw, const KernelLine& line);
  void ResolveFront(std::string_view text);
  void HandOut();

  Sink sink_;
  CopyUndoer copies_;
  ExportReader export_;
  std::optional<HeldLine> held_;
  std::string spare_text_, spare_caller_;  // Kept for their memory.
  std::size_t number_ = 0;                 // Of the latest physical line.
  bool last_was_kmsg_ = false;
  bool last_was_user_ = false;  // Indented lines go on with a program's.
  bool fronts_ = false;         // Lines of this log have fronts.
  std::optional<std::uint64_t> last_sequence_;
  std::string host_;     // Of journalctl -o short-monotonic.
  std::string partial_;  // CRI lines that go on.
  std::string decoded_, unpadded_;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_LINE_READER_H_
