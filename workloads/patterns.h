// The table of patterns: what `oomlab-load KIND --option=value` knows.
//
//   for (const Pattern& pattern : Patterns())
//     for (const Option& option : pattern.options)
//       ... option.name, option.type, option.fallback, option.help
//
// The program parses its command line by this table, prints --help from it, and
// the command line tool and the scenario schema are made from it. It is data
// only: using it starts nothing.

#ifndef OOMLAB_WORKLOADS_PATTERNS_H_
#define OOMLAB_WORKLOADS_PATTERNS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace oomlab::workloads {

enum class OptionType {
  kSize,    // Bytes, or a number with KiB, MiB, GiB, TiB (base/size.h).
  kCount,   // A whole decimal number.
  kChoice,  // One of `choices`.
  kText,    // Any text without NUL, at most `max` bytes.
  kFlag,    // No value: given or not.
};

// More than any address space that Linux gives a process on x86_64 with four
// levels of page tables.
inline constexpr std::uint64_t kAddressSpaceBytes = 1ull << 47;
// What the kernel keeps of a name: TASK_COMM_LEN without the NUL.
inline constexpr std::uint64_t kCommBytes = 15;

struct Option {
  std::string_view name = {};  // Without "--".
  OptionType type = OptionType::kSize;
  bool required = false;
  std::string_view fallback =
      {};  // The default as it would be written; or none.
  std::string_view choices = {};  // kChoice: "none|parent|worker".
  std::uint64_t min = 0;  // Numbers: smallest and largest that is accepted.
  std::uint64_t max = kAddressSpaceBytes;
  std::string_view help = {};
};

struct Pattern {
  std::string_view name;  // The KIND.
  std::string_view help;  // One sentence.
  std::span<const Option> options;
  bool takes_command = false;  // "-- PROGRAM ARGUMENT..." after the options.
};

// All patterns, in the order in which --help lists them.
[[nodiscard]] std::span<const Pattern> Patterns();

// What every pattern takes besides its own options.
[[nodiscard]] std::span<const Option> CommonOptions();

// nullptr when there is no such pattern.
[[nodiscard]] const Pattern* FindPattern(std::string_view name);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_PATTERNS_H_
