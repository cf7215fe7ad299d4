#include "workloads/source.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "workloads/control.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kHugePageBytes = 2u << 20;
// Room below a stack that the kernel keeps free of other mappings
// (stack_guard_gap, 256 pages), and as much again.
constexpr std::uint64_t kStackGapBytes = 2u << 20;
constexpr int kMmapThresholdBytes = 128 << 10;

constexpr int kProtection = PROT_READ | PROT_WRITE;
constexpr int kPrivate = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

char* Mmap(void* at, std::uint64_t size, int protection, int flags) {
  void* const base = ::mmap(at, size, protection, flags, -1, 0);
  return base == MAP_FAILED ? nullptr : static_cast<char*>(base);
}

std::uint64_t RoundUp(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

// A mapping whose huge pages begin where it begins, on every kernel.
char* MapAligned(std::uint64_t size) {
  char* const wide =
      Mmap(nullptr, size + kHugePageBytes, kProtection, kPrivate);
  if (wide == nullptr) return nullptr;
  const auto address = reinterpret_cast<std::uint64_t>(wide);
  char* const base = wide + (RoundUp(address, kHugePageBytes) - address);
  if (base != wide) ::munmap(wide, static_cast<std::uint64_t>(base - wide));
  if (base + size != wide + size + kHugePageBytes)
    ::munmap(base + size,
             static_cast<std::uint64_t>(wide + kHugePageBytes - base));
  return base;
}

// The highest page of a hole that has room for the rest.
char* MapStack(std::uint64_t size) {
  // The limit holds for each mapping that grows down.
  rlimit limit = {};
  ::getrlimit(RLIMIT_STACK, &limit);
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < size) {
    limit.rlim_cur = size;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < size)
      limit.rlim_max = size;
    if (::setrlimit(RLIMIT_STACK, &limit) != 0) return nullptr;
  }
  const std::uint64_t page = PageBytes();
  char* const hole = Mmap(nullptr, kStackGapBytes + size, PROT_NONE, kPrivate);
  if (hole == nullptr) return nullptr;
  ::munmap(hole, kStackGapBytes + size);
  char* const base = hole + kStackGapBytes;
  return Mmap(base + size - page, page, kProtection,
              kPrivate | MAP_GROWSDOWN | MAP_FIXED) == nullptr
             ? nullptr
             : base;
}

}  // namespace

Source::Source(const Options& options)
    : from_(options.Is("from", "malloc")  ? From::kMalloc
            : options.Is("from", "brk")   ? From::kBrk
            : options.Is("from", "stack") ? From::kStack
                                          : From::kMmap),
      huge_(options.Is("huge", "on")       ? Huge::kOn
            : options.Is("huge", "system") ? Huge::kSystem
                                           : Huge::kOff),
      mergeable_(options.Has("mergeable")) {
  // Fixed: else the C library raises it with every block that is freed.
  if (from_ == From::kMalloc) ::mallopt(M_MMAP_THRESHOLD, kMmapThresholdBytes);
}

Mapping Source::Map(std::uint64_t bytes) const {
  if (bytes == 0) return {};
  const std::uint64_t size = RoundToPages(bytes);
  const Mapping mapping = MapUnadvised(size);
  if (mapping.valid()) Advise(mapping);
  return mapping;
}

Mapping Source::MapUnadvised(std::uint64_t size) const {
  char* base = nullptr;
  switch (from_) {
    case From::kMmap:
      base = huge_ == Huge::kOn ? MapAligned(size)
                                : Mmap(nullptr, size, kProtection, kPrivate);
      break;
    case From::kMalloc:
      base = static_cast<char*>(std::malloc(size));
      break;
    case From::kBrk: {
      const auto end = reinterpret_cast<std::uint64_t>(::sbrk(0));
      const std::uint64_t start = RoundToPages(end);
      if (::sbrk(static_cast<std::intptr_t>(start - end + size)) !=
          reinterpret_cast<void*>(-1))
        base = reinterpret_cast<char*>(start);
      break;
    }
    case From::kStack:
      base = MapStack(size);
      break;
  }
  return {.base = base, .bytes = size};
}

void Source::Advise(const Mapping& mapping) const {
  // Advice is for whole pages: the first ones of malloc's block and of a stack
  // stand for their mapping.
  const std::uint64_t page = PageBytes();
  char* start =
      mapping.base - reinterpret_cast<std::uint64_t>(mapping.base) % page;
  std::uint64_t size = mapping.bytes;
  if (from_ == From::kMalloc) size += page;
  if (from_ == From::kStack) {
    start += mapping.bytes - page;
    size = page;
  }
  // Fails on kernels without huge pages: nothing to turn off.
  if (huge_ == Huge::kOff) (void)::madvise(start, size, MADV_NOHUGEPAGE);
  if (huge_ == Huge::kOn && ::madvise(start, size, MADV_HUGEPAGE) != 0)
    Die("this kernel has no transparent huge pages", errno);
  if (mergeable_ && ::madvise(start, size, MADV_MERGEABLE) != 0)
    Die("this kernel cannot merge pages (KSM)", errno);
}

void Source::Free(const Mapping& mapping) const {
  if (mapping.base == nullptr) return;
  switch (from_) {
    case From::kMmap:
    case From::kStack:
      ::munmap(mapping.base, mapping.bytes);
      break;
    case From::kMalloc:
      std::free(mapping.base);
      break;
    case From::kBrk:
      ::sbrk(-static_cast<std::intptr_t>(mapping.bytes));
      break;
  }
}

}  // namespace oomlab::workloads
