#include "base/size.h"

#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace oomlab {
namespace {

struct Unit {
  std::string_view name;
  unsigned shift;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}}};

// "MB", "M", "m", "mb" were probably meant as MiB.
std::string Suggestion(std::string_view number, std::string_view unit) {
  constexpr std::string_view kLetters = "kKmMgGtT";
  if (!unit.empty() && kLetters.find(unit[0]) != kLetters.npos) {
    const char letter = static_cast<char>(unit[0] & ~0x20);
    return "write " + std::string(number) + letter + "iB (units of 1024)";
  }
  return "units are B, KiB, MiB, GiB and TiB, for example 64MiB";
}

}  // namespace

Result<std::uint64_t> ParseSize(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end_of_text = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), end_of_text, number);
  const std::string quoted = "'" + std::string(text) + "'";
  if (ec == std::errc::result_out_of_range)
    return Fail(ErrorCode::kUsage, quoted + " is larger than 2^64-1 bytes");
  if (ec != std::errc{})
    return Fail(ErrorCode::kUsage,
                quoted + " is not a size: it does not start with a number",
                Suggestion("64", ""));
  std::string_view unit(end, static_cast<std::size_t>(end_of_text - end));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.empty()) return number;
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() >> known.shift)
      return Fail(ErrorCode::kUsage, quoted + " is larger than 2^64-1 bytes");
    return number << known.shift;
  }
  return Fail(
      ErrorCode::kUsage,
      quoted + " has the unknown unit '" + std::string(unit) + "'",
      Suggestion(text.substr(0, text.find_first_not_of("0123456789")), unit));
}

std::string FormatSize(std::uint64_t bytes) {
  std::size_t unit = 0;
  while (bytes != 0 && bytes % 1024 == 0 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return FormatCount(bytes) + " " + std::string(kUnits[unit].name);
}

std::string FormatCount(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3;
       at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

}  // namespace oomlab
