// Where anonymous memory comes from, and with what advice to the kernel.
//
//   const Source source(options);            // --from, --huge, --mergeable
//   Mapping memory = source.Map(bytes);
//   ...
//   source.Free(memory);

#ifndef OOMLAB_WORKLOADS_SOURCE_H_
#define OOMLAB_WORKLOADS_SOURCE_H_

#include <cstdint>

#include "workloads/memory.h"
#include "workloads/options.h"

namespace oomlab::workloads {

class Source {
 public:
  explicit Source(const Options& options);

  // Address space for `bytes`; none of it resident, but for the one page in
  // which malloc keeps the size. Not valid: see errno.
  //   mmap    private anonymous, not reserved
  //   malloc  one block of the C library; reserved as the kernel's overcommit
  //           mode has it
  //   brk     the heap's end moves
  //   stack   a mapping that grows down as it is touched, counted as stack
  // The base of malloc's memory is not aligned: its pages are those at base,
  // base + 4096, ... all the same.
  [[nodiscard]] Mapping Map(std::uint64_t bytes) const;
  void Free(const Mapping& mapping) const;

  // Whether pages are naturally written from the end.
  [[nodiscard]] bool grows_down() const { return from_ == From::kStack; }

 private:
  enum class From { kMmap, kMalloc, kBrk, kStack };
  enum class Huge { kOff, kOn, kSystem };

  [[nodiscard]] Mapping MapUnadvised(std::uint64_t size) const;
  void Advise(const Mapping& mapping) const;

  From from_;
  Huge huge_;
  bool mergeable_;
};

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_SOURCE_H_
