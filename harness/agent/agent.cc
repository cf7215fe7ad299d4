#include "harness/agent/agent.h"

#include <fcntl.h>
#include <sys/prctl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "harness/agent/kill_watch.h"
#include "harness/agent/process_table.h"
#include "harness/agent/sampler.h"
#include "harness/capture/kmsg.h"
#include "harness/capture/memory.h"
#include "harness/process/spawn.h"
#include "harness/process/workload_event.h"
#include "harness/sandbox/cgroup_tree.h"
#include "harness/sandbox/sysctl.h"
#include "harness/scenario/workload_arguments.h"

namespace oomlab::harness {
namespace {

using boost::asio::posix::stream_descriptor;
using std::chrono::milliseconds;

// How long the kernel's counter, its log and the wait statuses may disagree
// before the judge gets them as they are.
// Scaled by the time that this machine took from its boot to here.
constexpr double kSettlePerUptime = 10;
constexpr double kLeastSettleS = 10;
constexpr double kMostSettleS = 120;

Deadline SettleDeadline() {
  // Cut to whole milliseconds: Deadline takes its clock's own duration.
  const double uptime_s = static_cast<double>(MonotonicNs()) / 1e9;
  return Deadline::After(milliseconds(static_cast<std::int64_t>(
      1000 *
      std::clamp(kSettlePerUptime * uptime_s, kLeastSettleS, kMostSettleS))));
}

// A started workload: its pipes, and the line being received.
struct RunningWorkload {
  const Workload* workload = nullptr;
  std::unique_ptr<stream_descriptor> events;
  ScopedFd start;
  std::string received;
  bool ready = false;
  bool closed = false;  // All of its processes have closed their end.
};

class Run {
 public:
  Run(const Scenario& scenario, const AgentOptions& options,
      MessageWriter& writer)
      : scenario_(scenario),
        options_(options),
        writer_(writer),
        processes_(loop_, writer) {}

  void Execute() {
    if (!Prepare()) return;
    if (StartWorkloads()) {
      EnterPhase("ready");
      processes_.RefreshComms();
      sampler_->SendSnapshot("ready", processes_.LivePids());
      EnterPhase("go");
      for (const auto& running : workloads_) running->start.Reset();
      RunUntil([this] { return processes_.AllActiveEnded(); }, std::nullopt);
    }
    if (!RunUntil([this] { return Settled(); }, SettleDeadline()))
      EnterPhase("unsettled");
    Finish();
  }

 private:
  using Condition = std::function<bool()>;

  // Sysctls, cgroups, the log's begin mark, the counters before.
  bool Prepare() {
    for (const auto& [name, value] : scenario_.sysctls)
      if (!Check(SetSysctl(name, value))) return false;
    Result<CgroupTree> tree =
        CgroupTree::Create(scenario_.cgroups, options_.cgroup_parent);
    if (!Check(tree)) return false;
    cgroups_.emplace(*std::move(tree));
    sampler_.emplace(loop_, *cgroups_, writer_);
    Result<KmsgReader> kmsg = KmsgReader::Begin("/dev/kmsg", "run");
    if (!Check(kmsg)) return false;
    kmsg_.emplace(*std::move(kmsg));
    // The reader keeps the descriptor; Asio only waits on its duplicate.
    kmsg_events_ = std::make_unique<stream_descriptor>(
        loop_, ::fcntl(kmsg_->fd(), F_DUPFD_CLOEXEC, 0));
    WaitForKernelLog();
    const Result<Counters> before = sampler_->ReadCounters();
    if (!Check(before)) return false;
    writer_.CountersBefore(*before);
    kills_.emplace(KillWatch::Count(before->vmstat));
    EnterPhase("sandbox");
    sampler_->Start();
    return true;
  }

  // Returns false if a workload ended before it was ready. That is an outcome
  // where its first process was killed; a workload whose worker dies says so in
  // an error and ends itself.
  bool StartWorkloads() {
    for (const Workload& workload : scenario_.workloads) {
      SpawnOptions spawn{options_.load_program, WorkloadArguments(workload)};
      spawn.cgroup_procs_fd = cgroups_->procs_fd(workload.cgroup);
      spawn.oom_score_adj = workload.oom_score_adj;
      Result<Spawned> spawned = Spawn(spawn);
      if (!Check(spawned)) return false;
      workloads_.push_back(std::make_unique<RunningWorkload>());
      RunningWorkload& running = *workloads_.back();
      running.workload = &workload;
      running.events =
          std::make_unique<stream_descriptor>(loop_, spawned->events.Release());
      running.start = std::move(spawned->start);
      processes_.AddFirst(workload, spawned->pid);
      ListenTo(running);
      RunUntil(
          [&] {
            return running.ready || running.closed ||
                   processes_.Ended(spawned->pid);
          },
          std::nullopt);
      if (!running.ready) {
        // What it said last is still in its pipe.
        while (loop_.poll() > 0) {
        }
        return false;
      }
    }
    return true;
  }

  void ListenTo(RunningWorkload& running) {
    boost::asio::async_read_until(
        *running.events, boost::asio::dynamic_buffer(running.received), '\n',
        [this, &running](const boost::system::error_code& error,
                         std::size_t line_size) {
          if (error) {  // Every process of the workload has closed its end.
            processes_.Reap();
            running.closed = true;
            return;
          }
          Hear(running, running.received.substr(0, line_size - 1));
          running.received.erase(0, line_size);
          ListenTo(running);
        });
  }

  void Hear(RunningWorkload& running, const std::string& line) {
    const Result<WorkloadEvent> event = ParseWorkloadEvent(line);
    if (!event) {
      writer_.AgentError("workload " + running.workload->name + ": " +
                         event.error().message);
      return;
    }
    if (event->kind == WorkloadEvent::Kind::kReady) running.ready = true;
    if (event->kind == WorkloadEvent::Kind::kError) {
      writer_.AgentError("workload " + running.workload->name + ": " +
                         event->message);
    }
    processes_.Take(*running.workload, *event);
  }

  void WaitForKernelLog() {
    kmsg_events_->async_wait(stream_descriptor::wait_read,
                             [this](const boost::system::error_code& error) {
                               if (error) return;
                               if (Check(kmsg_->Drain(Sink())))
                                 WaitForKernelLog();
                             });
  }

  KmsgReader::Sink Sink() {
    return [this](std::string_view record) {
      writer_.KernelLogRecord(record);
      if (kills_) kills_->TakeRecord(record);
    };
  }

  // The kernel has printed a line for each kill that it counted, and each
  // process that it named is gone.
  bool Settled() {
    processes_.Reap();
    if (!Check(kmsg_->Drain(Sink()))) return true;
    const auto vmstat = ReadVmstat();
    if (!Check(vmstat)) return true;
    return kills_->CaughtUp(*vmstat) &&
           std::all_of(kills_->pids().begin(), kills_->pids().end(),
                       [this](int pid) { return processes_.Ended(pid); });
  }

  void Finish() {
    EnterPhase("settled");
    sampler_->SendSample();
    sampler_->SendSnapshot("settled", processes_.LivePids());
    if (const Result<Counters> after = sampler_->ReadCounters(); Check(after))
      writer_.CountersAfter(*after);
    Check(kmsg_->End(Sink(), SettleDeadline()));
    if (kmsg_->lost() > 0) writer_.KernelLogLost(kmsg_->lost());
    EnterPhase("end");
  }

  void EnterPhase(std::string_view name) {
    writer_.EnterPhase(name, MonotonicNs());
  }

  // Handles events until the condition holds. The sample timer wakes the loop
  // at its period, so a condition that no event announces is seen too.
  bool RunUntil(const Condition& condition,
                const std::optional<Deadline>& deadline) {
    while (!condition()) {
      if (deadline && deadline->Passed()) return false;
      if (deadline)
        loop_.run_one_until(deadline->at());
      else
        loop_.run_one();
    }
    return true;
  }

  // Reports what failed.
  template <class T>
  bool Check(const Result<T>& result) {
    if (result) return true;
    if (result.error().code == ErrorCode::kUnsupported)
      writer_.Unsupported(result.error().message);
    else
      writer_.AgentError(result.error().message);
    return false;
  }

  const Scenario& scenario_;
  const AgentOptions& options_;
  MessageWriter& writer_;
  boost::asio::io_context loop_;
  ProcessTable processes_;
  std::optional<CgroupTree> cgroups_;
  std::optional<Sampler> sampler_;
  std::optional<KmsgReader> kmsg_;
  std::unique_ptr<stream_descriptor> kmsg_events_;
  std::optional<KillWatch> kills_;
  // Pointers: handlers of the loop refer to them.
  std::vector<std::unique_ptr<RunningWorkload>> workloads_;
};

}  // namespace

void RunScenario(const Scenario& scenario, const AgentOptions& options,
                 MessageWriter& writer) {
  // Orphans of workloads come to us with their wait statuses.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  Run(scenario, options, writer).Execute();
}

}  // namespace oomlab::harness
