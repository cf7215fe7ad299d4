// alloc: like stress --vm. Workers that take anonymous memory after the start
// signal, and a parent that only waits and has next to none.

#include <sys/mman.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "workloads/control.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/source.h"
#include "workloads/task.h"
#include "workloads/touch.h"

namespace oomlab::workloads {
namespace {

TouchOrder MakeOrder(const Options& options, bool grows_down) {
  TouchOrder order = {
      .kind = grows_down ? TouchOrder::kDescending : TouchOrder::kSequential,
      .seed = options.Number("seed"),
      .stride_bytes = options.Number("stride")};
  if (options.Is("order", "random")) order.kind = TouchOrder::kRandom;
  if (options.Is("order", "strided")) order.kind = TouchOrder::kStrided;
  if (options.Is("order", "sparse")) order.kind = TouchOrder::kSparse;
  return order;
}

// Where the kernel makes pages resident by itself, only it knows how many.
std::uint64_t ResidentBytes(const Mapping& mapping) {
  const std::uint64_t page = PageBytes();
  std::array<unsigned char, 1024> present = {};
  std::uint64_t pages = 0;
  const std::uint64_t piece = present.size() * page;
  for (std::uint64_t at = 0; at < mapping.bytes; at += piece) {
    const std::uint64_t size = std::min(piece, mapping.bytes - at);
    if (::mincore(mapping.base + at, size, present.data()) != 0) break;
    for (std::uint64_t i = 0; i < size / page; ++i) pages += present[i] & 1;
  }
  return pages * page;
}

class AllocTask final : public Task {
 public:
  explicit AllocTask(const Options& options)
      : options_(options),
        source_(options),
        order_(MakeOrder(options, source_.grows_down())),
        bytes_(options.Number("bytes")) {}

  // Mapped before the start signal, so that the kernel refuses a size it
  // cannot map at the start and not in the middle.
  void Prepare() override { memory_ = Map(); }

  Taken Take() override {
    const bool cycle = options_.Is("mode", "cycle");
    const std::uint64_t cycles = options_.Number("cycles");
    for (std::uint64_t taken = 1; memory_.valid(); ++taken) {
      if (!MakeResident()) return {Outcome::kEnomem, ResidentBytes(memory_)};
      if (!cycle || (cycles != 0 && taken > cycles))
        return {Outcome::kReached, RoundToPages(bytes_)};
      PauseMs(options_.Number("hold-ms"));
      source_.Free(memory_);
      memory_ = Map();
    }
    return {Outcome::kEnomem, 0};
  }

  void Hold() override {
    while (options_.Is("mode", "redirty") && memory_.bytes != 0 &&
           memory_.valid()) {
      TouchInOrder(memory_, order_, bytes_, EndIfAbandoned);
      PauseMs(options_.Number("hold-ms"));
    }
    HoldUntilKilled();
  }

 private:
  Mapping Map() { return source_.Map(SpanBytes(order_, bytes_)); }

  bool MakeResident() {
    if (options_.Is("by", "touch") || memory_.bytes == 0) {
      TouchInOrder(memory_, order_, bytes_, EndIfAbandoned);
      return true;
    }
    if (options_.Is("by", "mlock"))
      return ::mlock(memory_.base, memory_.bytes) == 0;
    // In the place that Prepare found for it, whose advice is lost by that.
    if (options_.Is("huge", "off")) ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    return ::mmap(memory_.base, memory_.bytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1,
                  0) != MAP_FAILED &&
           ResidentBytes(memory_) == memory_.bytes;
  }

  const Options& options_;
  Source source_;
  TouchOrder order_;
  std::uint64_t bytes_;
  Mapping memory_;
};

}  // namespace

void RunAlloc(const Options& options) {
  const bool touches = options.Is("by", "touch");
  if (!touches &&
      (!options.Is("from", "mmap") || !options.Is("order", "sequential") ||
       options.Has("mergeable")))
    Die("alloc: --by=populate and --by=mlock are for --from=mmap, in "
        "sequential order, without --mergeable",
        0);
  AllocTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
