#include "workloads/stress_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace oomlab::workloads {
namespace {

enum class Meaning {
  kVm,
  kBytes,
  kStride,
  kHang,
  kKeep,
  kTimeout,
  kSilent,       // Changes nothing about memory.
  kSilentValue,  // The same, with a value.
  kNotMemory,
  kNotARun,
};

struct Known {
  std::string_view name;
  Meaning meaning;
};
constexpr auto kKnown = std::to_array<Known>({
    {"-m", Meaning::kVm},
    {"--vm", Meaning::kVm},
    {"--vm-bytes", Meaning::kBytes},
    {"--vm-stride", Meaning::kStride},
    {"--vm-hang", Meaning::kHang},
    {"--vm-keep", Meaning::kKeep},
    {"-t", Meaning::kTimeout},
    {"--timeout", Meaning::kTimeout},
    {"-v", Meaning::kSilent},
    {"--verbose", Meaning::kSilent},
    {"-q", Meaning::kSilent},
    {"--quiet", Meaning::kSilent},
    {"-b", Meaning::kSilentValue},
    {"--backoff", Meaning::kSilentValue},
    {"-c", Meaning::kNotMemory},
    {"--cpu", Meaning::kNotMemory},
    {"-i", Meaning::kNotMemory},
    {"--io", Meaning::kNotMemory},
    {"-d", Meaning::kNotMemory},
    {"--hdd", Meaning::kNotMemory},
    {"--hdd-bytes", Meaning::kNotMemory},
    {"--hdd-noclean", Meaning::kNotMemory},
    {"-n", Meaning::kNotARun},
    {"--dry-run", Meaning::kNotARun},
    {"-?", Meaning::kNotARun},
    {"--help", Meaning::kNotARun},
    {"--version", Meaning::kNotARun},
});

struct Suffix {
  char letter;
  std::uint64_t factor;
};
constexpr auto kSizeSuffixes = std::to_array<Suffix>(
    {{'b', 1}, {'k', 1ull << 10}, {'m', 1ull << 20}, {'g', 1ull << 30}});
constexpr auto kTimeSuffixes = std::to_array<Suffix>(
    {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'y', 31556952}});

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kMaxSeconds = 100'000'000;  // Three years.
constexpr std::uint64_t kMaxStrideBytes = 1ull << 30;

Result<std::uint64_t> ParseNumber(std::string_view option,
                                  std::string_view text,
                                  std::span<const Suffix> suffixes) {
  const auto fail = [&](const std::string& why) {
    return Fail(ErrorCode::kUsage, "stress: " + std::string(option) + ": '" +
                                       std::string(text) + "' " + why);
  };
  std::uint64_t number = 0;
  const char* const end_of_text = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), end_of_text, number);
  if (ec != std::errc{}) return fail("is not a number");
  if (end == end_of_text) return number;
  const char letter = static_cast<char>(*end | 0x20);
  const auto suffix = std::find_if(
      suffixes.begin(), suffixes.end(),
      [letter](const Suffix& known) { return known.letter == letter; });
  if (suffix == suffixes.end() || end + 1 != end_of_text)
    return fail("has a suffix that stress does not know here");
  if (number > std::numeric_limits<std::uint64_t>::max() / suffix->factor)
    return fail("is too large");
  return number * suffix->factor;
}

struct Stress {
  std::uint64_t workers = 0;
  std::uint64_t bytes = 256ull << 20;
  std::uint64_t stride = kPageBytes;
  std::optional<std::uint64_t> hang_s;
  std::optional<std::uint64_t> timeout_s;
  bool keep = false;
};

// Takes the value of an option that has one.
Result<> Apply(const Known& option, std::string_view value, Stress& stress) {
  const bool is_size =
      option.meaning == Meaning::kBytes || option.meaning == Meaning::kStride;
  const bool is_time =
      option.meaning == Meaning::kHang || option.meaning == Meaning::kTimeout;
  const Result<std::uint64_t> number =
      ParseNumber(option.name, value,
                  is_size   ? std::span<const Suffix>(kSizeSuffixes)
                  : is_time ? std::span<const Suffix>(kTimeSuffixes)
                            : std::span<const Suffix>());
  if (!number) return tl::unexpected(number.error());
  if (*number == 0 && option.meaning != Meaning::kHang &&
      option.meaning != Meaning::kSilentValue)
    return Fail(ErrorCode::kUsage,
                "stress: " + std::string(option.name) + ": 0 is too small");
  if (is_time && *number > kMaxSeconds)
    return Fail(ErrorCode::kUsage, "stress: " + std::string(option.name) +
                                       ": '" + std::string(value) +
                                       "' is too large");
  if (option.meaning == Meaning::kVm) stress.workers = *number;
  if (option.meaning == Meaning::kBytes) stress.bytes = *number;
  if (option.meaning == Meaning::kStride) stress.stride = *number;
  if (option.meaning == Meaning::kHang) stress.hang_s = *number;
  if (option.meaning == Meaning::kTimeout) stress.timeout_s = *number;
  return {};
}

std::vector<std::string> ToArguments(const Stress& stress) {
  std::vector<std::string> all = {"alloc"};
  const auto add = [&all](std::string_view option, std::uint64_t number) {
    all.push_back(std::string(option) + "=" + std::to_string(number));
  };
  add("--workers", stress.workers);
  if (stress.stride <= kPageBytes || stress.stride >= stress.bytes) {
    add("--bytes", stress.stride <= kPageBytes ? stress.bytes : kPageBytes);
  } else {
    const std::uint64_t touched =
        (stress.bytes + stress.stride - 1) / stress.stride;
    add("--bytes", touched * kPageBytes);
    all.emplace_back("--order=sparse");
    add("--stride", std::min(stress.stride, kMaxStrideBytes));
  }
  if (stress.hang_s == 0) {
    all.emplace_back("--mode=keep");
  } else {
    all.emplace_back(stress.keep ? "--mode=redirty" : "--mode=cycle");
    add("--hold-ms", stress.hang_s.value_or(0) * 1000);
  }
  all.emplace_back("--from=malloc");
  all.emplace_back("--huge=system");
  all.emplace_back("--comm=stress");
  if (stress.timeout_s) add("--timeout", *stress.timeout_s);
  return all;
}

}  // namespace

Result<std::vector<std::string>> TranslateStress(
    std::span<const std::string> arguments) {
  Stress stress;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto known = std::find_if(
        kKnown.begin(), kKnown.end(),
        [&word](const Known& option) { return option.name == word; });
    if (known == kKnown.end())
      return Fail(ErrorCode::kUsage, "stress: unknown option '" + word + "'",
                  "stress takes values as words of their own: --vm 2");
    switch (known->meaning) {
      case Meaning::kNotMemory:
        return Fail(ErrorCode::kUsage, "stress: " + word + " is not memory",
                    "oomlab makes memory load only: --vm, --vm-bytes, "
                    "--vm-stride, --vm-hang, --vm-keep, --timeout");
      case Meaning::kNotARun:
        return Fail(ErrorCode::kUsage, "stress: " + word + " runs nothing",
                    "see oomlab-load alloc --help");
      case Meaning::kKeep:
        stress.keep = true;
        break;
      case Meaning::kSilent:
        break;
      default:
        if (++i == arguments.size())
          return Fail(ErrorCode::kUsage, "stress: " + word + " needs a value");
        if (const Result<> applied = Apply(*known, arguments[i], stress);
            !applied)
          return tl::unexpected(applied.error());
    }
  }
  if (stress.workers == 0)
    return Fail(ErrorCode::kUsage, "stress: no memory workers are asked for",
                "give --vm N");
  return ToArguments(stress);
}

}  // namespace oomlab::workloads
