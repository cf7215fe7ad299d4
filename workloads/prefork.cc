// prefork: a server that fills its image and forks workers which share it. The
// sum of all RSS then exceeds what is really used, and the one that grows is
// not always the one that has the most.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include "workloads/control.h"
#include "workloads/curve.h"
#include "workloads/family.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/process.h"

namespace oomlab::workloads {
namespace {

// Growth is mapped before the start signal, so that the kernel refuses a size
// it cannot map at the start and not in the middle of growth.
void Grow(const Mapping& growth, void (*pause)()) {
  if (!growth.valid()) return SayDone(Outcome::kEnomem, 0);
  Touch(growth, pause);
  SayDone(Outcome::kReached, growth.bytes);
}

class Worker final : public Successor {
 public:
  Worker(const Options& options, const Mapping& image)
      : options_(options), image_(image) {}

  // One of those that are there at ready.
  [[noreturn]] void RunFirst(Family& family, std::uint64_t index) {
    const std::uint64_t grow_bytes =
        options_.Is("grow", "worker") && index == options_.Number("grow-worker")
            ? options_.Number("grow-bytes")
            : 0;
    Enter(options_, Role::kWorker, index, grow_bytes != 0 || Dirties());
    TakeShape();
    const Mapping growth = MapAnonymous(grow_bytes);
    family.Arrive();
    if (grow_bytes != 0 || Dirties() || Lifetime() != 0) {
      AwaitStart();
    } else {
      ForgetStart();
    }
    if (grow_bytes != 0) Grow(growth, EndIfAbandoned);
    Serve();
  }

  [[nodiscard]] bool IsWanted(int code) const override {
    return code == CLD_EXITED ? Lifetime() != 0 : options_.Has("respawn");
  }

  [[noreturn]] void Run(std::uint64_t index) override {
    Enter(options_, Role::kWorker, index, Dirties());
    ForgetStart();
    TakeShape();
    Serve();
  }

 private:
  [[nodiscard]] std::uint64_t Lifetime() const {
    return options_.Number("worker-lifetime-ms");
  }
  [[nodiscard]] bool Dirties() const {
    return options_.Number("worker-dirty-rate") != 0;
  }

  void TakeShape() {
    const Mapping own = MapAnonymous(options_.Number("worker-private"));
    if (!own.valid()) Die("cannot map the private memory of a worker", errno);
    Touch(own, EndIfAbandoned);
    dirty_bytes_ = RoundToPages(options_.Number("worker-dirty"));
    Touch({.base = image_.base, .bytes = dirty_bytes_}, EndIfAbandoned);
  }

  // What it does after the start signal, besides growing.
  [[noreturn]] void Serve() {
    const Moment end(Lifetime());
    if (Dirties()) {
      const Curve curve = CurveOfRate(options_.Number("worker-dirty-rate"));
      Schedule schedule(curve.period_ns);
      while (dirty_bytes_ < image_.bytes && !end.Passed()) {
        schedule.AwaitNext();
        const std::uint64_t step =
            std::min(curve.step_bytes, image_.bytes - dirty_bytes_);
        Touch({.base = image_.base + dirty_bytes_, .bytes = step},
              EndIfAbandoned);
        dirty_bytes_ += step;
      }
      if (!end.Passed()) SayDone(Outcome::kReached, dirty_bytes_);
    }
    end.Await();
    ::_exit(0);
  }

  const Options& options_;
  Mapping image_;
  std::uint64_t dirty_bytes_ = 0;
};

void RefuseContradictions(const Options& options) {
  if (options.Number("grow-worker") >= options.Number("workers"))
    Die("prefork: --grow-worker is not the index of a worker", 0);
  if (options.Number("worker-dirty") > options.Number("image"))
    Die("prefork: --worker-dirty is more than --image", 0);
}

}  // namespace

void RunPrefork(const Options& options) {
  RefuseContradictions(options);
  const std::uint64_t parent_grows =
      options.Is("grow", "parent") ? options.Number("grow-bytes") : 0;

  Enter(options, Role::kParent, 0, parent_grows != 0);
  const Mapping image = MapAnonymous(options.Number("image"));
  if (!image.valid()) Die("cannot map the image", errno);
  Touch(image, EndIfAbandoned);

  Worker worker(options, image);
  const bool replaces =
      options.Number("worker-lifetime-ms") != 0 || options.Has("respawn");
  Family family(options.Number("workers"), replaces ? &worker : nullptr);
  if (const std::optional<std::uint64_t> index = family.Fork())
    worker.RunFirst(family, *index);

  const Mapping growth = MapAnonymous(parent_grows);
  family.AwaitWorkers();
  SayReady();
  family.AwaitStart();
  if (parent_grows != 0) Grow(growth, Family::Poll);
  family.HoldUntilKilled();
}

}  // namespace oomlab::workloads
