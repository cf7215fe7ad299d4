#include "harness/vm/host_tsc.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include <ctime>
#include <limits>

namespace oomlab::harness {
namespace {

#if defined(__x86_64__)

struct Moment {
  std::uint64_t tsc = 0;
  std::int64_t ns = 0;
};

// Both clocks at one moment. Being scheduled away between the reads would spoil
// it, so the closest of several pairs counts.
Moment Now() {
  Moment best;
  std::uint64_t best_gap = std::numeric_limits<std::uint64_t>::max();
  for (int i = 0; i < 8; ++i) {
    timespec t{};
    const std::uint64_t before = __rdtsc();
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    const std::uint64_t gap = __rdtsc() - before;
    if (gap < best_gap) {
      best_gap = gap;
      best = {before + gap / 2, t.tv_sec * 1'000'000'000 + t.tv_nsec};
    }
  }
  return best;
}

std::uint64_t Measure() {
  constexpr std::int64_t kSpanNs = 10'000'000;
  const Moment from = Now();
  Moment to = Now();
  while (to.ns - from.ns < kSpanNs) to = Now();
  const std::uint64_t ticks = to.tsc - from.tsc;
  const auto ns = static_cast<std::uint64_t>(to.ns - from.ns);
  return (ticks * 1'000'000 + ns / 2) / ns;
}

#else

std::uint64_t Measure() { return 0; }

#endif

}  // namespace

std::uint64_t HostTscKhz() {
  static const std::uint64_t khz = Measure();
  return khz;
}

}  // namespace oomlab::harness
