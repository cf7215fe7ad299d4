// Small steps over text: each takes what it recognises off the front of a view.
//
//   std::string_view text = "pid=102,uid=0";
//   TakePrefix(text, "pid=");          -> true, text is "102,uid=0"
//   TakeInt<std::int32_t>(text);       -> 102,  text is ",uid=0"

#ifndef OOMLAB_PARSER_SCAN_H_
#define OOMLAB_PARSER_SCAN_H_

#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace oomlab::parser {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool IsBlank(char c) { return c == ' ' || c == '\t'; }

inline bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Takes what precedes the first `mark` and the mark itself; nullopt when there
// is none, and then nothing is taken.
inline std::optional<std::string_view> TakeUntil(std::string_view& text,
                                                 std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return head;
}

// Decimal, with a sign when Int is signed; nullopt on no digits or overflow.
template <class Int>
std::optional<Int> TakeInt(std::string_view& text) {
  // Most numbers of a log have few digits, and cannot overflow.
  constexpr std::size_t kSafeDigits = std::numeric_limits<Int>::digits10;
  std::size_t n = 0;
  Int value{};
  while (n < text.size() && n < kSafeDigits && IsDigit(text[n])) {
    value = static_cast<Int>(value * 10 + (text[n] - '0'));
    ++n;
  }
  if (n > 0 && (n == text.size() || !IsDigit(text[n]))) {
    text.remove_prefix(n);
    return value;
  }
  value = {};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

inline std::string_view TrimLeft(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && IsBlank(text[n])) ++n;
  return text.substr(n);
}

inline std::string_view TrimRight(std::string_view text) {
  std::size_t n = text.size();
  while (n > 0 && IsBlank(text[n - 1])) --n;
  return text.substr(0, n);
}

inline std::size_t CountDigits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && IsDigit(text[n])) ++n;
  return n;
}

// Takes one word, which ends at a blank, and the blanks that follow it.
inline std::string_view TakeWord(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && !IsBlank(text[n])) ++n;
  const std::string_view word = text.substr(0, n);
  text = TrimLeft(text.substr(n));
  return word;
}

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_SCAN_H_
