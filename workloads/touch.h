// In which order pages are written. Each page is written once, one byte.
//
//   PageOrder order({.kind = TouchOrder::kRandom, .seed = 7}, 4);
//   while (const auto page = order.Next()) ...        // 2, 0, 3, 1
//
// No order needs memory of its own: a random one is a permutation that is
// computed, not stored.

#ifndef OOMLAB_WORKLOADS_TOUCH_H_
#define OOMLAB_WORKLOADS_TOUCH_H_

#include <cstdint>
#include <optional>

#include "workloads/memory.h"

namespace oomlab::workloads {

struct TouchOrder {
  enum Kind {
    kSequential,  // 0, 1, 2, ...
    kDescending,  // As a stack grows.
    kRandom,      // Every page once; the same for the same seed.
    kStrided,     // 0, s, 2s, ..., then 1, s+1, ...: every page once.
    kSparse,      // 0, s, 2s, ... of a mapping s times as large: few pages and
                  // many page tables.
  };
  Kind kind = kSequential;
  std::uint64_t seed = 0;
  std::uint64_t stride_bytes = 0;  // Strided and sparse; at least a page.
};

// The numbers of the pages to write, in order, of a mapping of which `pages`
// shall become resident.
class PageOrder {
 public:
  PageOrder(const TouchOrder& order, std::uint64_t pages);
  std::optional<std::uint64_t> Next();

 private:
  [[nodiscard]] std::uint64_t Permute(std::uint64_t number) const;

  TouchOrder order_;
  std::uint64_t pages_;
  std::uint64_t stride_pages_;
  std::uint64_t count_ = 0;  // How many were given out; random: were tried.
  std::uint64_t at_ = 0;     // Strided: the next one.
  unsigned bits_ = 1;        // Random: the smallest power of two that has all.
};

// How large a mapping must be for `bytes` of it to become resident.
[[nodiscard]] std::uint64_t SpanBytes(const TouchOrder& order,
                                      std::uint64_t bytes);

// Writes `bytes` of a mapping of SpanBytes. After every MiB it calls `pause`.
void TouchInOrder(const Mapping& span, const TouchOrder& order,
                  std::uint64_t bytes, void (*pause)());

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_TOUCH_H_
