#include "workloads/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kPauseBytes = 1u << 20;

// As deep as any call after ready. Each page of it is copied in every worker:
// 8 KiB made forking a thousand of them a tenth slower.
constexpr std::size_t kStackBytes = 3072;

}  // namespace

std::uint64_t PageBytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t RoundToPages(std::uint64_t bytes) {
  const std::uint64_t page = PageBytes();
  return (bytes + page - 1) / page * page;
}

Mapping MapAnonymous(std::uint64_t bytes) {
  if (bytes == 0) return {};
  const std::uint64_t size = RoundToPages(bytes);
  void* const base = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return {.base = nullptr, .bytes = size};
  // Fails on kernels that have no huge pages: there is nothing to turn off.
  (void)::madvise(base, size, MADV_NOHUGEPAGE);
  return {.base = static_cast<char*>(base), .bytes = size};
}

void Unmap(const Mapping& mapping) {
  if (mapping.base != nullptr) ::munmap(mapping.base, mapping.bytes);
}

void Touch(const Mapping& mapping, void (*pause)()) {
  const std::uint64_t page = PageBytes();
  volatile char* const base = mapping.base;
  for (std::uint64_t start = 0; start < mapping.bytes; start += kPauseBytes) {
    const std::uint64_t end = std::min(start + kPauseBytes, mapping.bytes);
    for (std::uint64_t at = start; at < end; at += page) base[at] = 1;
    if (pause != nullptr) pause();
  }
}

[[gnu::noinline]] void SettleProcess() {
  std::array<volatile char, kStackBytes> stack;  // NOLINT(*-member-init)
  for (std::size_t at = 0; at < stack.size(); at += 1024) stack[at] = 1;
  errno = 0;
}

}  // namespace oomlab::workloads
