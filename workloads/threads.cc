// threads: one process whose memory is taken by many threads at once. The
// kernel kills them all together.

#include <pthread.h>

#include "workloads/control.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/patterns.h"
#include "workloads/task.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kStackBytes = 64 << 10;

class ThreadsTask final : public Task {
 public:
  explicit ThreadsTask(const Options& options)
      : threads_(options.Number("threads")),
        share_bytes_(RoundToPages(options.Number("bytes"))) {}

  // All threads exist before ready; each waits for its turn.
  void Prepare() override {
    memory_ = MapAnonymous(threads_ * share_bytes_);
    const auto everybody = static_cast<unsigned>(threads_ + 1);
    ::pthread_barrier_init(&start_, nullptr, everybody);
    ::pthread_barrier_init(&end_, nullptr, everybody);
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, kStackBytes);
    for (std::uint64_t i = 0; i < threads_; ++i) {
      pthread_t thread = 0;
      const int error = ::pthread_create(&thread, &attributes, Run, this);
      if (error != 0) Die("cannot make a thread", error);
    }
  }

  Taken Take() override {
    if (!memory_.valid()) return {Outcome::kEnomem, 0};
    ::pthread_barrier_wait(&start_);
    ::pthread_barrier_wait(&end_);
    return {Outcome::kReached, memory_.bytes};
  }

 private:
  static void* Run(void* self) {
    static_cast<ThreadsTask*>(self)->RunThread();
    return nullptr;
  }

  void RunThread() {
    const std::uint64_t index = __atomic_fetch_add(&next_, 1, __ATOMIC_RELAXED);
    SettleProcess();
    ::pthread_barrier_wait(&start_);
    Touch({.base = memory_.base + index * share_bytes_, .bytes = share_bytes_},
          EndIfAbandoned);
    ::pthread_barrier_wait(&end_);
    HoldUntilKilled();
  }

  std::uint64_t threads_;
  std::uint64_t share_bytes_;
  Mapping memory_;
  std::uint64_t next_ = 0;
  pthread_barrier_t start_ = {};
  pthread_barrier_t end_ = {};
};

}  // namespace

void RunThreads(const Options& options) {
  if (options.Number("bytes") > kAddressSpaceBytes / options.Number("threads"))
    Die("threads: --threads times --bytes is more than an address space", 0);
  ThreadsTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
