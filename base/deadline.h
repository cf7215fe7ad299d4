// A point in time by which a wait must have ended, on the monotonic clock.
//
//   const Deadline deadline = Deadline::After(std::chrono::seconds(10));
//   while (!Done()) {
//     if (deadline.Passed()) return Fail(ErrorCode::kTimeout, "...");
//     poll(fds, n, deadline.RemainingMs());
//   }

#ifndef OOMLAB_BASE_DEADLINE_H_
#define OOMLAB_BASE_DEADLINE_H_

#include <algorithm>
#include <chrono>
#include <limits>

namespace oomlab {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline After(Clock::duration time) {
    return Deadline(Clock::now() + time);
  }

  [[nodiscard]] bool Passed() const { return Clock::now() >= at_; }
  [[nodiscard]] Clock::time_point at() const { return at_; }

  // For poll(2): rounded up, so that poll does not return a moment too early;
  // 0 when passed.
  [[nodiscard]] int RemainingMs() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(
        left.count(), 0, std::numeric_limits<int>::max()));
  }

 private:
  explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at_;
};

}  // namespace oomlab

#endif  // OOMLAB_BASE_DEADLINE_H_
