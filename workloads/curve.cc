#include "workloads/curve.h"

#include "workloads/memory.h"

namespace oomlab::workloads {

Curve CurveOfRate(std::uint64_t bytes_per_s) {
  constexpr std::uint64_t kStepsPerSecond = 50;
  constexpr double kNsPerS = 1e9;
  const std::uint64_t step = RoundToPages(bytes_per_s / kStepsPerSecond + 1);
  return {.step_bytes = step,
          .period_ns = static_cast<std::uint64_t>(
              static_cast<double>(step) / static_cast<double>(bytes_per_s) *
              kNsPerS)};
}

}  // namespace oomlab::workloads
