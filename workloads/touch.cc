#include "workloads/touch.h"

#include <algorithm>
#include <bit>

namespace oomlab::workloads {
namespace {

// Odd factors mix well and keep the mapping one to one modulo a power of two;
// these are the fractions of the golden ratio and of the square root of 2.
constexpr std::uint64_t kFirstFactor = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kSecondFactor = 0x6a09e667f3bcc909;

constexpr std::uint64_t kPausePages = 256;

}  // namespace

PageOrder::PageOrder(const TouchOrder& order, std::uint64_t pages)
    : order_(order),
      pages_(pages),
      stride_pages_(
          std::max<std::uint64_t>(1, order.stride_bytes / PageBytes())),
      bits_(static_cast<unsigned>(
          std::bit_width(std::max<std::uint64_t>(pages, 2) - 1))) {}

// One to one on numbers of bits_ bits.
std::uint64_t PageOrder::Permute(std::uint64_t number) const {
  const std::uint64_t mask = (1ull << bits_) - 1;
  const unsigned half = (bits_ + 1) / 2;
  number = (number + order_.seed) & mask;
  for (const std::uint64_t factor :
       {kFirstFactor, kSecondFactor ^ (order_.seed << 1)}) {
    number = (number * factor) & mask;
    number ^= number >> half;
  }
  return number;
}

std::optional<std::uint64_t> PageOrder::Next() {
  if (order_.kind == TouchOrder::kRandom) {
    for (; count_ < 1ull << bits_; ++count_) {
      const std::uint64_t page = Permute(count_);
      if (page >= pages_) continue;
      ++count_;
      return page;
    }
    return std::nullopt;
  }
  if (count_ == pages_) return std::nullopt;
  const std::uint64_t number = count_++;
  switch (order_.kind) {
    case TouchOrder::kDescending:
      return pages_ - 1 - number;
    case TouchOrder::kSparse:
      return number * stride_pages_;
    case TouchOrder::kStrided: {
      const std::uint64_t page = at_;
      at_ += stride_pages_;
      if (at_ >= pages_) at_ = at_ % stride_pages_ + 1;
      return page;
    }
    case TouchOrder::kSequential:
    case TouchOrder::kRandom:
      break;
  }
  return number;
}

std::uint64_t SpanBytes(const TouchOrder& order, std::uint64_t bytes) {
  const std::uint64_t whole = RoundToPages(bytes);
  if (order.kind != TouchOrder::kSparse || whole == 0) return whole;
  const std::uint64_t stride =
      std::max(order.stride_bytes / PageBytes() * PageBytes(), PageBytes());
  return (whole / PageBytes() - 1) * stride + PageBytes();
}

void TouchInOrder(const Mapping& span, const TouchOrder& order,
                  std::uint64_t bytes, void (*pause)()) {
  // The usual case as a bare loop: it is compared with one.
  if (order.kind == TouchOrder::kSequential) return Touch(span, pause);
  const std::uint64_t page_bytes = PageBytes();
  volatile char* const base = span.base;
  PageOrder pages(order, RoundToPages(bytes) / page_bytes);
  std::uint64_t written = 0;
  while (const std::optional<std::uint64_t> page = pages.Next()) {
    base[*page * page_bytes] = 1;
    if (++written % kPausePages == 0 && pause != nullptr) pause();
  }
}

}  // namespace oomlab::workloads
