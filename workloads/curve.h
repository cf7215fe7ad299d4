// A steady rate as steps: so many bytes every so long.

#ifndef OOMLAB_WORKLOADS_CURVE_H_
#define OOMLAB_WORKLOADS_CURVE_H_

#include <cstdint>

namespace oomlab::workloads {

struct Curve {
  std::uint64_t step_bytes = 0;  // Whole pages.
  std::uint64_t period_ns = 0;
};

// Steps of whole pages, about 50 a second, or fewer of one page each. The rate
// is at least 1.
[[nodiscard]] Curve CurveOfRate(std::uint64_t bytes_per_s);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_CURVE_H_
