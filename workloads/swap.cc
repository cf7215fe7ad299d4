// swap: fills swap space. Anonymous memory is written and at once paged out, a
// MiB at a time, so that little of it is ever resident.

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "workloads/control.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/task.h"

// Linux 5.4; missing in older headers.
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kPieceBytes = 1u << 20;
// The kernel may leave pages that it finds busy; a full swap leaves all.
constexpr int kTries = 8;

std::uint64_t ResidentBytes(const Mapping& piece) {
  std::array<unsigned char, kPieceBytes / 4096> present = {};
  if (::mincore(piece.base, piece.bytes, present.data()) != 0)
    return piece.bytes;
  std::uint64_t pages = 0;
  for (std::uint64_t i = 0; i < piece.bytes / PageBytes(); ++i)
    pages += present[i] & 1;
  return pages * PageBytes();
}

class SwapTask final : public Task {
 public:
  explicit SwapTask(const Options& options) : bytes_(options.Number("bytes")) {}

  void Prepare() override { memory_ = MapAnonymous(bytes_); }

  Taken Take() override {
    if (!memory_.valid()) return {Outcome::kEnomem, 0};
    std::uint64_t swapped = 0;
    for (std::uint64_t at = 0; at < memory_.bytes; at += kPieceBytes) {
      const Mapping piece = {
          .base = memory_.base + at,
          .bytes = std::min(kPieceBytes, memory_.bytes - at)};
      Touch(piece, EndIfAbandoned);
      std::uint64_t resident = piece.bytes;
      for (int i = 0; i < kTries && resident != 0; ++i) {
        if (::madvise(piece.base, piece.bytes, MADV_PAGEOUT) != 0)
          Die("this kernel cannot page out on demand (Linux 5.4 can)", errno);
        resident = ResidentBytes(piece);
      }
      swapped += piece.bytes - resident;
      if (resident == 0) continue;
      // No room left: what could not go must not stay either.
      ::munmap(piece.base, memory_.bytes - at);
      return {Outcome::kEnomem, swapped - (piece.bytes - resident)};
    }
    return {Outcome::kReached, swapped};
  }

 private:
  std::uint64_t bytes_;
  Mapping memory_;
};

}  // namespace

void RunSwap(const Options& options) {
  SwapTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
