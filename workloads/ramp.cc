// ramp: memory that grows by a known curve: a step at each of a row of moments.
// leak: the same by blocks of the C library that nobody remembers, as a program
// leaks.

#include <sys/prctl.h>

#include <algorithm>
#include <cstdlib>

#include "workloads/control.h"
#include "workloads/curve.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/task.h"

namespace oomlab::workloads {
namespace {

Curve CurveOf(const Options& options) {
  constexpr std::uint64_t kNsPerMs = 1000000;
  if (options.Has("rate")) return CurveOfRate(options.Number("rate"));
  return {.step_bytes = RoundToPages(options.Number("step")),
          .period_ns = options.Number("every-ms") * kNsPerMs};
}

class RampTask final : public Task {
 public:
  explicit RampTask(const Options& options)
      : curve_(CurveOf(options)), total_bytes_(options.Number("bytes")) {}

  void Prepare() override { memory_ = MapAnonymous(total_bytes_); }

  Taken Take() override {
    if (!memory_.valid()) return {Outcome::kEnomem, 0};
    Schedule schedule(curve_.period_ns);
    for (std::uint64_t at = 0; at < memory_.bytes;) {
      schedule.AwaitNext();
      const std::uint64_t size =
          std::min(curve_.step_bytes, memory_.bytes - at);
      Touch({.base = memory_.base + at, .bytes = size}, EndIfAbandoned);
      at += size;
    }
    return {Outcome::kReached, memory_.bytes};
  }

 private:
  Curve curve_;
  std::uint64_t total_bytes_;
  Mapping memory_;
};

class LeakTask final : public Task {
 public:
  explicit LeakTask(const Options& options)
      : block_bytes_(options.Number("block")),
        period_ns_(options.Number("every-us") * 1000),
        limit_bytes_(options.Number("bytes")) {}

  // The heap cannot be advised before it grows.
  void Prepare() override { ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); }

  Taken Take() override {
    Schedule schedule(period_ns_);
    std::uint64_t leaked = 0;
    while (limit_bytes_ == 0 || leaked < limit_bytes_) {
      if (period_ns_ != 0) {
        schedule.AwaitNext();
      } else {
        EndIfAbandoned();
      }
      auto* const block =
          static_cast<volatile char*>(std::malloc(block_bytes_));
      if (block == nullptr) return {Outcome::kEnomem, leaked};
      for (std::uint64_t at = 0; at < block_bytes_; at += PageBytes())
        block[at] = 1;
      block[block_bytes_ - 1] = 1;
      leaked += block_bytes_;
    }
    return {Outcome::kReached, leaked};
  }

 private:
  std::uint64_t block_bytes_;
  std::uint64_t period_ns_;
  std::uint64_t limit_bytes_;
};

}  // namespace

void RunRamp(const Options& options) {
  if (options.Has("rate") == options.Has("step"))
    Die("ramp: give either --rate or --step with --every-ms", 0);
  RampTask task(options);
  RunTask(options, task);
}

void RunLeak(const Options& options) {
  LeakTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
