#include "parser/dialect/syslog.h"

#include <array>
#include <cstddef>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// "11:36:09"
bool TakeClock(std::string_view& text) {
  if (text.size() < 8) return false;
  for (const std::size_t i : {0U, 1U, 3U, 4U, 6U, 7U}) {
    if (!IsDigit(text[i])) return false;
  }
  if (text[2] != ':' || text[5] != ':') return false;
  text.remove_prefix(8);
  return true;
}

// ".123456", which also follows a clock.
void TakeFraction(std::string_view& text) {
  if (text.starts_with('.') && CountDigits(text.substr(1)) > 0) {
    text.remove_prefix(1 + CountDigits(text.substr(1)));
  }
}

constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Mar  8 11:36:09 ", "Mar  8 2025 11:36:09 "
bool TakeMonthDate(std::string_view& text) {
  std::string_view rest = text;
  bool month = false;
  for (const std::string_view name : kMonths) {
    if (TakePrefix(rest, name)) month = true;
  }
  if (!month || !rest.starts_with(' ')) return false;
  rest = TrimLeft(rest);
  const std::size_t day = CountDigits(rest);
  if (day == 0 || day > 2) return false;
  rest = TrimLeft(rest.substr(day));
  if (CountDigits(rest) == 4) rest = TrimLeft(rest.substr(4));
  if (!TakeClock(rest)) return false;
  TakeFraction(rest);
  if (!rest.starts_with(' ')) return false;
  text = TrimLeft(rest);
  return true;
}

enum class IsoDate : std::uint8_t { kNo, kYes, kDmesg };

// "2025-08-12T03:54:03.123456+02:00 "; dmesg alone has a comma for the point.
IsoDate TakeIsoDate(std::string_view& text) {
  std::string_view rest = text;
  if (CountDigits(rest) != 4 || rest.size() < 20 || rest[4] != '-' ||
      rest[7] != '-' || (rest[10] != 'T' && rest[10] != ' ')) {
    return IsoDate::kNo;
  }
  rest.remove_prefix(11);
  if (!TakeClock(rest)) return IsoDate::kNo;
  const bool dmesg = rest.starts_with(',');
  const std::size_t end = rest.find_first_of(" |");
  if (end == std::string_view::npos || end > 20) return IsoDate::kNo;
  text = rest.substr(end + 1);
  return dmesg ? IsoDate::kDmesg : IsoDate::kYes;
}

bool IsKernelTag(std::string_view word) {
  if (!TakePrefix(word, "kernel")) return false;
  if (TakePrefix(word, "[")) {
    word.remove_prefix(CountDigits(word));
    if (!TakePrefix(word, "]")) return false;
  }
  return word == ":";
}

// The host and the program, behind a date.
Envelope TakeHostAndTag(std::string_view& text) {
  // A process of the log's own kernel may be called like a date.
  if (text.starts_with("invoked oom-killer: ")) return Envelope::kNone;
  std::string_view rest = text;
  for (int words = 0; words < 4 && !rest.empty(); ++words) {
    if (rest[0] == '[' || rest[0] == '<') {
      // "host [    1.93] text": a stamp that no tag precedes.
      text = rest;
      return Envelope::kUnknown;
    }
    std::size_t end = rest.find(' ');
    const std::string_view word = rest.substr(0, end);
    if (end == std::string_view::npos) end = rest.size() - 1;
    if (IsKernelTag(word)) {
      text = rest.substr(end + 1);
      return Envelope::kKernel;
    }
    if (word.ends_with(':')) return Envelope::kUserSpace;
    rest.remove_prefix(end + 1);
  }
  return Envelope::kUserSpace;
}

// "stdout F text"; "P" is a part of a line.
Envelope TakeCri(std::string_view& text) {
  std::string_view rest = text;
  if (!TakePrefix(rest, "stdout ") && !TakePrefix(rest, "stderr ")) {
    return Envelope::kNone;
  }
  if (TakePrefix(rest, "F ")) {
    text = rest;
    return Envelope::kUnknown;
  }
  if (TakePrefix(rest, "P ")) {
    text = rest;
    return Envelope::kPartial;
  }
  return Envelope::kNone;
}

// "<4>1 2025-08-12T03:54:03Z host kernel - - - text"
Envelope TakeRfc5424(std::string_view& text, std::optional<int>& level) {
  std::string_view rest = text;
  if (!TakePrefix(rest, "<")) return Envelope::kNone;
  const auto priority = TakeInt<int>(rest);
  if (!priority || !TakePrefix(rest, ">")) return Envelope::kNone;
  std::string_view old_form = rest;
  if (TakePrefix(rest, "1 ") && TakeIsoDate(rest) != IsoDate::kNo) {
    TakeWord(rest);  // host
    const std::string_view program = TakeWord(rest);
    TakeWord(rest);  // process id
    TakeWord(rest);  // message id
    if (rest.starts_with('[')) {
      const std::size_t end = rest.find(']');
      if (end == std::string_view::npos) return Envelope::kUserSpace;
      rest = rest.substr(end + 1);
      TakePrefix(rest, " ");
    } else if (!TakePrefix(rest, "- ")) {
      return Envelope::kUserSpace;
    }
    TakePrefix(rest, "\xef\xbb\xbf");
    if (program != "kernel" || (*priority >> 3) != 0) {
      return Envelope::kUserSpace;
    }
    level = *priority & 7;
    text = rest;
    return Envelope::kKernel;
  }
  if (!TakeMonthDate(old_form)) return Envelope::kNone;
  if ((*priority >> 3) != 0) return Envelope::kUserSpace;
  level = *priority & 7;
  text = old_form;
  return TakeHostAndTag(text);
}

}  // namespace

Envelope TakeEnvelope(std::string_view& text, std::optional<int>& level) {
  if (text.size() < 8) return Envelope::kNone;
  std::string_view rest = text;
  Envelope envelope = Envelope::kNone;
  if (rest[0] == '<') {
    envelope = TakeRfc5424(rest, level);
  } else if (IsDigit(rest[0])) {
    const IsoDate date = TakeIsoDate(rest);
    if (date == IsoDate::kNo) return Envelope::kNone;
    if (date == IsoDate::kDmesg) {
      envelope = Envelope::kKernel;
    } else if (const std::size_t guest = rest.substr(0, 80).find("Guest: ");
               guest != std::string_view::npos) {
      rest.remove_prefix(guest + 7);
      envelope = Envelope::kUnknown;
    } else {
      envelope = TakeCri(rest);
      if (envelope == Envelope::kNone) envelope = TakeHostAndTag(rest);
    }
  } else if (IsUpper(rest[0])) {
    if (!TakeMonthDate(rest)) return Envelope::kNone;
    envelope = TakeHostAndTag(rest);
  } else if (TakePrefix(rest, "kernel: ")) {
    envelope = Envelope::kKernel;
  }
  if (envelope != Envelope::kNone && envelope != Envelope::kUserSpace) {
    text = rest;
  }
  return envelope;
}

}  // namespace oomlab::parser
