#include "parser/dialect/stamp.h"

#include <array>
#include <cstddef>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// "<12>": user-space text that came back through the ring has facility 1.
bool TakePriority(std::string_view& text, Stamp& stamp) {
  std::string_view rest = text;
  if (!TakePrefix(rest, "<")) return false;
  const std::size_t digits = CountDigits(rest);
  if (digits == 0 || digits > 3) return false;
  const auto priority = TakeInt<int>(rest);
  if (!priority || !TakePrefix(rest, ">")) return false;
  stamp.found = true;
  stamp.level = *priority & 7;
  stamp.user_space = (*priority >> 3) != 0;
  text = rest;
  return true;
}

constexpr std::array<std::string_view, 8> kLevelNames = {
    "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};

// "kern  :warn  : ", each word padded to six columns.
bool TakeDecodedPriority(std::string_view& text, Stamp& stamp) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon < 4 || colon > 8) return false;
  const std::string_view facility = TrimRight(text.substr(0, colon));
  for (const char c : facility) {
    if (!IsLower(c) && !IsDigit(c)) return false;
  }
  std::string_view rest = text.substr(colon + 1);
  const auto level = TakeUntil(rest, ":");
  if (!level) return false;
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (TrimRight(*level) != kLevelNames[i]) continue;
    stamp.found = true;
    stamp.level = static_cast<int>(i);
    stamp.user_space = facility != "kern";
    TakePrefix(rest, " ");
    text = rest;
    return true;
  }
  return false;
}

// "[Di Aug 12 03:54:03 2025] ": told from other brackets by the time of day.
bool TakeDate(std::string_view& text) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos || close < 18 || close > 48) return false;
  const std::string_view date = text.substr(1, close - 1);
  std::size_t colons = 0;
  for (std::size_t i = 1; i + 2 < date.size(); ++i) {
    colons += date[i] == ':' && IsDigit(date[i - 1]) && IsDigit(date[i + 1]);
  }
  if (colons != 2 || IsDigit(date[0])) return false;
  text.remove_prefix(close + 1);
  return true;
}

// "[ T102]", "[    C0]"
bool TakeCaller(std::string_view& text, Stamp& stamp) {
  std::string_view rest = text;
  if (!TakePrefix(rest, "[")) return false;
  rest = TrimLeft(rest);
  if (rest.size() < 3 || (rest[0] != 'T' && rest[0] != 'C')) return false;
  const std::size_t digits = CountDigits(rest.substr(1));
  if (digits == 0 || digits > 10) return false;
  const std::string_view caller = rest.substr(0, 1 + digits);
  rest.remove_prefix(1 + digits);
  if (!TakePrefix(rest, "]")) return false;
  stamp.found = true;
  stamp.caller = caller;
  text = rest;
  return true;
}

}  // namespace

std::optional<std::int64_t> TakeBootTime(std::string_view& text) {
  std::string_view rest = text;
  if (!TakePrefix(rest, "[")) return std::nullopt;
  rest = TrimLeft(rest);
  if (rest.empty() || !IsDigit(rest[0])) return std::nullopt;
  const auto seconds = TakeInt<std::int64_t>(rest);
  if (!seconds || *seconds > 1'000'000'000'000) return std::nullopt;
  if (!TakePrefix(rest, ".")) return std::nullopt;
  const std::size_t digits = CountDigits(rest);
  if (digits < 1 || digits > 9) return std::nullopt;
  std::int64_t fraction = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    fraction = fraction * 10 + (i < digits ? rest[i] - '0' : 0);
  }
  rest.remove_prefix(digits);
  if (!TakePrefix(rest, "]")) return std::nullopt;
  text = rest;
  return *seconds * 1'000'000 + fraction;
}

Stamp TakeStamp(std::string_view& text) {
  Stamp stamp;
  if (text.empty()) return stamp;
  if (text[0] == '<') {
    TakePriority(text, stamp);
  } else if (IsLower(text[0])) {
    TakeDecodedPriority(text, stamp);
  }
  if (!text.empty() && text[0] == '[') {
    if (const auto timestamp_us = TakeBootTime(text)) {
      stamp.timestamp_us = timestamp_us;
      stamp.found = true;
      // Some kernels put a space between the two brackets.
      if (!TakeCaller(text, stamp) && text.starts_with(" [")) {
        std::string_view rest = text.substr(1);
        if (TakeCaller(rest, stamp)) text = rest;
      }
    } else if (TakeCaller(text, stamp) || TakeDate(text)) {
      stamp.found = true;
      if (stamp.caller.empty()) TakeCaller(text, stamp);
    }
  }
  if (stamp.found) TakePrefix(text, " ");
  return stamp;
}

}  // namespace oomlab::parser
