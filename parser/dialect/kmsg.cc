#include "parser/dialect/kmsg.h"

#include <cstddef>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsKeyChar(char c) {
  return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '_' || c == '(' ||
         c == ')';
}

std::size_t CountKeyChars(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && IsKeyChar(text[n])) ++n;
  return n;
}

// " active_file:0 inactive_file:0": nothing but key:number pairs. Of a line
// that the record's size limit may have cut, any beginning will do.
bool IsCounterLine(std::string_view line, bool may_be_cut) {
  line = TrimLeft(line);
  if (line.empty()) return may_be_cut;
  while (!line.empty()) {
    const std::size_t key = CountKeyChars(line);
    if (key == 0) return false;
    line.remove_prefix(key);
    if (line.empty()) return may_be_cut;
    if (!TakePrefix(line, ":")) return false;
    const std::size_t digits = CountDigits(line);
    if (digits == 0) return may_be_cut && line.empty();
    line = TrimLeft(line.substr(digits));
  }
  return true;
}

// "anon 66232320"
bool IsStatLine(std::string_view line, bool may_be_cut) {
  const std::size_t key = CountKeyChars(line);
  if (key == 0) return may_be_cut && line.empty();
  line.remove_prefix(key);
  if (line.empty()) return may_be_cut;
  if (!TakePrefix(line, " ")) return false;
  const std::size_t digits = CountDigits(line);
  return line.size() == digits && (digits > 0 || may_be_cut);
}

}  // namespace

std::optional<KmsgRecord> ParseKmsgRecord(std::string_view line) {
  KmsgRecord record;
  const auto priority = TakeInt<std::uint32_t>(line);
  if (!priority || !TakePrefix(line, ",")) return std::nullopt;
  record.facility = *priority >> 3;
  record.level = static_cast<int>(*priority & 7);
  const auto sequence = TakeInt<std::uint64_t>(line);
  if (!sequence || !TakePrefix(line, ",")) return std::nullopt;
  record.sequence = *sequence;
  const auto timestamp_us = TakeInt<std::int64_t>(line);
  if (!timestamp_us || !TakePrefix(line, ",")) return std::nullopt;
  record.timestamp_us = *timestamp_us;
  const auto header = TakeUntil(line, ";");
  if (!header) return std::nullopt;
  std::string_view extras = *header;
  record.flags = extras.substr(0, extras.find(','));
  // The longest flags known are "c" and "+"; prose with commas and a semicolon
  // is no record.
  if (record.flags.size() > 2) return std::nullopt;
  if (TakeUntil(extras, "caller=")) {
    record.caller = extras.substr(0, extras.find(','));
  }
  record.text = line;
  return record;
}

void AppendUnescaped(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t at = text.find('\\');
    if (at == std::string_view::npos) break;
    out.append(text.substr(0, at));
    text.remove_prefix(at);
    const bool escape = text.size() >= 4 && text[1] == 'x' &&
                        HexValue(text[2]) >= 0 && HexValue(text[3]) >= 0;
    if (escape) {
      out.push_back(
          static_cast<char>(HexValue(text[2]) * 16 + HexValue(text[3])));
      text.remove_prefix(4);
    } else {
      out.push_back('\\');
      text.remove_prefix(1);
    }
  }
  out.append(text);
}

bool IsMultiLinePrint(std::string_view text) {
  const bool counters = text.starts_with("active_anon:");
  // memory.stat begins with anon (v2) or cache (v1).
  if (!counters && !text.starts_with("anon ") && !text.starts_with("cache ")) {
    return false;
  }
  while (true) {
    const std::size_t end = text.find('\n');
    const bool last = end == std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    if (!(counters ? IsCounterLine(line, last) : IsStatLine(line, last))) {
      return false;
    }
    if (last) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace oomlab::parser
