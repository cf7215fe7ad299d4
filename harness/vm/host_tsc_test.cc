#include "harness/vm/host_tsc.h"

#include <gtest/gtest.h>
#include <x86intrin.h>

#include <chrono>

namespace oomlab::harness {
namespace {

TEST(HostTscTest, AgreesWithALongerMeasurementByAnotherClock) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const std::uint64_t first = __rdtsc();
  while (Clock::now() - start < std::chrono::milliseconds(200)) {
  }
  const double ticks = static_cast<double>(__rdtsc() - first);
  const double ms =
      std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  const auto khz = static_cast<double>(HostTscKhz());
  EXPECT_NEAR(khz, ticks / ms, khz * 0.001);
}

TEST(HostTscTest, IsMeasuredOnce) { EXPECT_EQ(HostTscKhz(), HostTscKhz()); }

}  // namespace
}  // namespace oomlab::harness
