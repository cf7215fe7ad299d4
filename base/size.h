// Sizes with units: what users write and what they read.
//
//   ParseSize("64MiB")      -> 67108864
//   ParseSize("4096")       -> 4096           a bare number is bytes
//   ParseSize("64MB")       -> error, hint: "64MiB"
//   FormatSize(67108864)    -> "64 MiB"
//   FormatSize(67100672)    -> "65,528 KiB"   the largest unit that divides it:
//   FormatSize(1)           -> "1 B"          never rounded
//   FormatCount(1234567)    -> "1,234,567"
//
// Units are binary (KiB = 1024 bytes) and only these: B, KiB, MiB, GiB, TiB.
// Decimal units (kB, MB) and bare letters (64M) are refused, since the kernel,
// stress and people disagree on what they mean.

#ifndef OOMLAB_BASE_SIZE_H_
#define OOMLAB_BASE_SIZE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab {

// Bytes. Errors: kUsage for an unknown unit, a missing number, a sign, a
// fraction, or a value over 2^64-1; the hint shows a spelling that works.
[[nodiscard]] Result<std::uint64_t> ParseSize(std::string_view text);

// Exact text of a size; parses back to the same value when commas and spaces
// are removed.
[[nodiscard]] std::string FormatSize(std::uint64_t bytes);

// Decimal digits with a comma at every thousand.
[[nodiscard]] std::string FormatCount(std::uint64_t value);

}  // namespace oomlab

#endif  // OOMLAB_BASE_SIZE_H_
