// Memory taken page by page, so that what is asked is what becomes resident.
//
//   const Mapping memory = MapAnonymous(20u << 20);
//   if (!memory.valid()) Die("cannot map the image", errno);
//   Touch(memory);                        // 5120 pages resident, in order

#ifndef OOMLAB_WORKLOADS_MEMORY_H_
#define OOMLAB_WORKLOADS_MEMORY_H_

#include <cstdint>

namespace oomlab::workloads {

[[nodiscard]] std::uint64_t PageBytes();

// `bytes` rounded up to whole pages.
[[nodiscard]] std::uint64_t RoundToPages(std::uint64_t bytes);

// Whole pages. Not an owner: most memory of a workload is held until it is
// killed.
struct Mapping {
  char* base = nullptr;
  std::uint64_t bytes = 0;
  [[nodiscard]] bool valid() const { return base != nullptr || bytes == 0; }
};

// Private anonymous memory, without huge pages and without a reservation
// (MAP_NORESERVE), none of it resident. Of 0 bytes: valid and empty. Not valid:
// see errno.
[[nodiscard]] Mapping MapAnonymous(std::uint64_t bytes);

void Unmap(const Mapping& mapping);

// Writes one byte, not zero, into every page in the order of addresses. After
// every MiB it calls `pause`, if there is one.
void Touch(const Mapping& mapping, void (*pause)() = nullptr);

// Makes the pages resident and private that this process writes whatever it
// does: the top of its stack and its thread-local data. After a fork each
// process calls it before it says that it is ready, so that nothing is left to
// be copied later.
void SettleProcess();

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_MEMORY_H_
