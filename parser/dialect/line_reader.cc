#include "parser/dialect/line_reader.h"

#include "parser/dialect/kmsg.h"
#include "parser/dialect/stamp.h"
#include "parser/scan.h"

namespace oomlab::parser {

void LineReader::AddKmsgRecord(std::string_view text, KernelLine line) {
  if (text.find('\\') == std::string_view::npos) {
    line.text = text;
    sink_(line);
    return;
  }
  unescaped_.clear();
  AppendUnescaped(text, unescaped_);
  std::string_view rest = unescaped_;
  if (!IsMultiLinePrint(rest)) {
    line.text = rest;
    sink_(line);
    return;
  }
  // The last line of a record may be cut off by its size limit.
  const bool unterminated = line.unterminated;
  line.unterminated = false;
  while (const auto head = TakeUntil(rest, "\n")) {
    line.text = *head;
    sink_(line);
  }
  line.text = rest;
  line.unterminated = unterminated;
  if (!rest.empty()) sink_(line);
}

void LineReader::Add(std::string_view raw, std::size_t number,
                     bool unterminated) {
  if (raw.ends_with('\r')) raw.remove_suffix(1);
  if (raw.empty()) return;
  KernelLine line;
  line.number = number;
  line.unterminated = unterminated;
  if (IsDigit(raw[0])) {
    if (const auto record = ParseKmsgRecord(raw)) {
      last_was_kmsg_ = true;
      if (record->facility != 0) return;
      line.timestamp_us = record->timestamp_us;
      line.level = record->level;
      line.caller = record->caller;
      AddKmsgRecord(record->text, line);
      return;
    }
  }
  if (last_was_kmsg_ && raw[0] == ' ') return;  // The record's dictionary.
  last_was_kmsg_ = false;

  std::string_view text = raw;
  const Stamp stamp = TakeStamp(text);
  if (stamp.user_space) return;
  line.text = text;
  line.timestamp_us = stamp.timestamp_us;
  line.level = stamp.level;
  line.caller = stamp.caller;
  sink_(line);
}

void LineReader::Finish() {}

}  // namespace oomlab::parser
