#include "parser/dialect/line_reader.h"

#include <array>
#include <utility>

#include "parser/dialect/kmsg.h"
#include "parser/dialect/stamp.h"
#include "parser/dialect/syslog.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// A line shorter than this was not wrapped: consoles have 80 columns or more.
constexpr std::size_t kLeastWidth = 78;
// What a log line can be at most; longer ones are no log.
constexpr std::size_t kMaxText = 65'536;
constexpr std::size_t kMaxHost = 64;
constexpr int kMaxEnvelopes = 3;

// "host kernel: " at the front of the text behind a stamp; 0 when it is not.
std::size_t HostFront(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == 0 || blank > kMaxHost) return 0;
  constexpr std::string_view kTag = " kernel: ";
  return text.substr(blank).starts_with(kTag) ? blank + kTag.size() : 0;
}

// "[0:        swapper:    0] " and "(0)[118:kworker/0:1]" of Android vendors;
// longer than a process name, which might imitate it.
void TakeVendorTask(std::string_view& text) {
  std::string_view rest = text;
  const bool short_form = TakePrefix(rest, "(");
  if (short_form) {
    rest.remove_prefix(CountDigits(rest));
    if (!TakePrefix(rest, ")[")) return;
  } else if (TakePrefix(rest, "[")) {
    rest = TrimLeft(rest);
  } else {
    return;
  }
  const std::size_t digits = CountDigits(rest);
  if (digits == 0 || !rest.substr(digits).starts_with(':')) return;
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos || close < 16 || close > 40) return;
  text.remove_prefix(close + 1);
  TakePrefix(text, " ");
}

// Lines that a reader of a record with several lines prints without a front.
bool IsRecordLine(std::string_view text, std::string_view before) {
  constexpr std::array<std::string_view, 8> kKeys = {
      "active_file:", "unevictable:",    "slab_reclaimable:",
      "mapped:",      "sec_pagetables:", "kernel_misc_reclaimable:",
      "free:",        "free_cma:"};
  text = TrimLeft(text);
  for (const std::string_view key : kKeys) {
    if (text.starts_with(key)) {
      return text.find("kB") == std::string_view::npos;
    }
  }
  const auto is_stat = [](std::string_view line) {
    const std::string_view key = TakeWord(line);
    return !key.empty() && IsLower(key[0]) && !line.empty() &&
           CountDigits(line) == line.size();
  };
  return is_stat(text) && (is_stat(TrimLeft(before)) ||
                           before.starts_with("Memory cgroup stats for "));
}

// Marks that people put between quoted lines.
bool IsRuler(std::string_view text) {
  text = TrimLeft(text);
  return text.empty() ||
         (text.size() >= 3 && text[0] == text[1] && text[1] == text[2] &&
          !IsDigit(text[0]) && !IsLower(text[0]));
}

}  // namespace

void LineReader::Add(std::string_view raw, std::size_t number,
                     bool unterminated) {
  KernelLine line;
  line.number = number_ = number;
  line.unterminated = unterminated;
  if (export_.in_binary()) {
    export_.Add(raw);
    return;
  }
  if (raw.ends_with('\r')) raw.remove_suffix(1);
  if (export_.active() || ExportReader::Begins(raw)) {
    if (const auto entry = export_.Add(raw)) AddEntry(*entry, line);
    return;
  }
  if (raw.empty() || raw.size() > kMaxText) return;
  if (IsDigit(raw[0])) {
    if (const auto record = ParseKmsgRecord(raw)) {
      AddKmsg(*record, line);
      return;
    }
  } else if (last_was_kmsg_ && raw[0] == ' ') {
    return;  // The record's dictionary.
  }
  last_was_kmsg_ = false;
  for (const std::string_view text : copies_.Undo(raw)) {
    if (text.starts_with('{')) {
      if (const auto entry = ParseJsonLine(text)) {
        AddEntry(*entry, line);
        continue;
      }
    }
    AddText(text, line);
  }
}

void LineReader::AddKmsg(const KmsgRecord& record, KernelLine line) {
  last_was_kmsg_ = true;
  if (last_sequence_ && record.sequence > *last_sequence_ + 1) {
    line.lost_before = record.sequence - *last_sequence_ - 1;
  }
  last_sequence_ = record.sequence;
  if (record.facility != 0) return;
  line.timestamp_us = record.timestamp_us;
  line.level = record.level;
  line.caller = record.caller;
  HandOut();
  if (record.text.find('\\') == std::string_view::npos) {
    line.text = record.text;
    sink_(line);
    return;
  }
  decoded_.clear();
  AppendUnescaped(record.text, decoded_);
  AddRecordText(decoded_, line);
}

void LineReader::AddEntry(const JournalEntry& entry, KernelLine line) {
  if (entry.origin == JournalEntry::Origin::kUserSpace || entry.user_facility) {
    return;
  }
  if (entry.origin == JournalEntry::Origin::kUnknown) {
    // Docker and the like: the message is a line of whatever was read.
    std::string_view rest = entry.message;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      AddText(rest.substr(0, end), line);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
    return;
  }
  line.timestamp_us = entry.timestamp_us;
  line.level = entry.level;
  HandOut();
  AddRecordText(entry.message, line);
}

void LineReader::AddRecordText(std::string_view text, KernelLine line) {
  if (text.find('\n') == std::string_view::npos || !IsMultiLinePrint(text)) {
    line.text = text;
    sink_(line);
    return;
  }
  const bool unterminated = std::exchange(line.unterminated, false);
  // The kernel cuts a record at so many bytes, in mid-number if need be.
  const bool cut = text.size() == 976 || text.size() == 992;
  while (const auto head = TakeUntil(text, "\n")) {
    line.text = *head;
    sink_(line);
  }
  line.text = text;
  line.unterminated = unterminated || cut;
  if (!text.empty()) sink_(line);
}

void LineReader::AddText(std::string_view raw, KernelLine line) {
  std::string_view text = raw;
  // Indented logs: the blanks in front of a front are not the kernel's.
  const std::string_view trimmed = TrimLeft(text);
  bool front = false;
  bool kernel = false;
  {
    std::string_view probe = trimmed;
    for (int i = 0; i < kMaxEnvelopes; ++i) {
      std::optional<int> level;
      const Envelope envelope = TakeEnvelope(probe, level);
      if (envelope == Envelope::kUserSpace) {
        HandOut();
        last_was_user_ = true;
        return;
      }
      if (envelope == Envelope::kNone) break;
      front = true;
      if (level) line.level = level;
      if (envelope == Envelope::kKernel) {
        kernel = true;
        break;
      }
      if (envelope == Envelope::kPartial) {
        if (partial_.size() < kMaxText) partial_ += probe;
        return;
      }
      if (!partial_.empty()) {
        partial_ += probe;
        decoded_ = std::exchange(partial_, {});
        probe = decoded_;
      }
    }
    const Stamp stamp = TakeStamp(probe);
    if (stamp.user_space) {
      HandOut();
      return;
    }
    if (stamp.found) {
      front = true;
      line.timestamp_us = stamp.timestamp_us;
      if (stamp.level) line.level = stamp.level;
      line.caller = stamp.caller;
      TakeVendorTask(probe);
    }
    if (front) text = probe;
  }
  if (front) last_was_user_ = false;
  if (!front) {
    if (last_was_user_ && IsBlank(raw[0])) return;
    if (fronts_ && Continue(raw, line)) return;
    HandOut();
    fronts_ = false;
    // An indented log without fronts: a name does not begin with a blank.
    if (trimmed.size() < text.size() &&
        trimmed.find(" invoked oom-killer: ") != std::string_view::npos) {
      text = trimmed;
    }
  }
  if (UndoOctal(text, unpadded_) && IsMultiLinePrint(unpadded_)) {
    HandOut();
    const std::string record = unpadded_;
    AddRecordText(record, line);
    return;
  }
  if (held_) ResolveFront(text);
  HandOut();
  fronts_ = front;
  if (front && !kernel && line.timestamp_us) {
    const std::size_t host = HostFront(text);
    if (host > 0 && text.substr(0, host) == host_) {
      text.remove_prefix(host);
    } else if (host == 0 && !host_.empty() &&
               text.starts_with(
                   std::string_view(host_).substr(0, host_.find(' ') + 1))) {
      return;  // The same host, another program.
    }
  }
  const std::size_t front_width = raw.size() - text.size();
  if (RemovePadding(text, unpadded_)) text = unpadded_;
  Hold(text, line, raw.size());
  held_->front_width = front_width;
}

void LineReader::Hold(std::string_view text, const KernelLine& line,
                      std::size_t width) {
  held_.emplace();
  held_->text = std::move(spare_text_);
  held_->caller = std::move(spare_caller_);
  held_->text.assign(text);
  held_->caller.assign(line.caller);
  held_->line = line;
  held_->last_width = width;
  if (line.timestamp_us) held_->maybe_front = HostFront(text);
}

// "[    1.93] host kernel: text": only that the next line has the same host
// tells the host from a process called "x kernel: y".
void LineReader::ResolveFront(std::string_view text) {
  if (held_->maybe_front == 0) return;
  const std::string_view front =
      std::string_view(held_->text).substr(0, held_->maybe_front);
  if (!text.starts_with(front)) return;
  host_ = std::string(front);
  held_->text.erase(0, host_.size());
}

// Whether `raw`, which has no front, goes on with the held line.
bool LineReader::Continue(std::string_view raw, const KernelLine& line) {
  if (!held_) return false;
  if (IsRecordLine(raw, held_->text)) {
    KernelLine next = held_->line;
    const std::string caller = held_->caller;
    const std::size_t front_width = held_->front_width;
    next.caller = caller;
    next.number = line.number;
    next.unterminated = line.unterminated;
    HandOut();
    Hold(TrimLeft(raw), next, 0);
    held_->front_width = front_width;
    return true;
  }
  if (held_->text.size() + raw.size() > kMaxText) return false;
  // journalctl puts the further lines of a record under its first: a name has
  // a line feed in it.
  const std::size_t indent = raw.size() - TrimLeft(raw).size();
  if (held_->front_width > 8 && indent == held_->front_width) {
    held_->text += '\n';
    held_->text += raw.substr(indent);
    held_->line.unterminated = line.unterminated;
    return true;
  }
  if (held_->last_width < kLeastWidth || IsRuler(raw)) return false;
  // What the input ends in may be the beginning of a front.
  if (line.unterminated && raw.size() <= held_->front_width) return true;
  held_->text += raw;
  held_->last_width = raw.size();
  held_->line.unterminated = line.unterminated;
  return true;
}

void LineReader::HandOut() {
  if (!held_) return;
  held_->line.text = held_->text;
  held_->line.caller = held_->caller;
  sink_(held_->line);
  spare_text_ = std::move(held_->text);
  spare_caller_ = std::move(held_->caller);
  held_.reset();
}

void LineReader::Skip() {
  HandOut();
  export_.Finish();
  last_sequence_.reset();
  last_was_kmsg_ = last_was_user_ = fronts_ = false;
  partial_.clear();
}

void LineReader::Finish() {
  KernelLine line;
  line.number = number_;
  line.unterminated = true;
  if (const auto entry = export_.Finish()) AddEntry(*entry, line);
  for (const std::string_view text : copies_.Finish()) AddText(text, line);
  HandOut();
}

}  // namespace oomlab::parser
