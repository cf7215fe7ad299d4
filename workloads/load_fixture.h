// Starts the real oomlab-load as a harness would, and looks at its processes
// from outside.
//
//   Load load({"prefork", "--image=4MiB", "--workers=2"});
//   const Event ready = load.Await("ready");
//   EXPECT_EQ(SmapsRollup(load.Pid("parent", 0)).at("Anonymous"), ...);
//   load.Go();
//   load.Abandon();                       // all its processes must end
//
// Waits end with a test failure after 20 s. When a Load goes out of scope every
// process of it has ended.

#ifndef OOMLAB_WORKLOADS_LOAD_FIXTURE_H_
#define OOMLAB_WORKLOADS_LOAD_FIXTURE_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/fd.h"

namespace oomlab::workloads {

// One line of descriptor 3: "done pid=7 result=reached bytes=4096".
struct Event {
  std::string name;
  std::string line;
  std::map<std::string, std::string> fields;
  [[nodiscard]] std::uint64_t Number(const std::string& field) const;
};

class Load {
 public:
  // Arguments without "--control", which is put between the two.
  explicit Load(const std::vector<std::string>& arguments,
                const std::vector<std::string>& command = {});
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Reads until an event of this name comes that was not returned before.
  Event Await(const std::string& name);
  // Every event read so far.
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  // Of a "process" event read so far; fails the test when there is none.
  [[nodiscard]] pid_t Pid(const std::string& role, std::uint64_t index) const;

  void Go() { start_.Reset(); }           // The start signal.
  void Abandon() { events_fd_.Reset(); }  // As when the starter dies.

  // Waits for a process of the workload to end, and returns its wait status.
  // Only the first process is our child at first; the others become it when
  // their parent is gone.
  int AwaitEnd(pid_t pid);
  [[nodiscard]] pid_t first() const { return first_; }

 private:
  bool ReadMore();

  ScopedFd events_fd_;
  ScopedFd start_;
  pid_t first_ = -1;
  std::string partial_;
  std::vector<Event> events_;
  std::map<std::string, std::size_t> seen_;  // Per name: how many returned.
};

struct Output {
  int status = 0;  // Exit status.
  std::string out;
  std::string err;
};

// Runs oomlab-load by hand, without --control, to its end.
[[nodiscard]] Output RunLoad(const std::vector<std::string>& arguments);

// "Rss", "Anonymous", "Private_Dirty", ... of /proc/PID/smaps_rollup, in bytes.
// It walks the page tables: exact where the counters of /proc/PID/status lag.
[[nodiscard]] std::map<std::string, std::uint64_t> SmapsRollup(pid_t pid);

// Sizes of /proc/PID/status ("RssAnon", "VmPTE", ...), in bytes.
[[nodiscard]] std::map<std::string, std::uint64_t> Status(pid_t pid);

[[nodiscard]] std::string Comm(pid_t pid);

// Waits until the process sleeps: it has done all it will do by itself.
void AwaitSleep(pid_t pid);
// The same of each of its threads.
void AwaitThreadsSleep(pid_t pid);

// Most memory that a process of the program has besides what was asked of it.
inline constexpr std::uint64_t kProgramRssBytes = 1u << 20;
inline constexpr std::uint64_t kProgramAnonBytes = 128u << 10;
inline constexpr std::uint64_t kThreadAnonBytes = 16u << 10;

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_LOAD_FIXTURE_H_
