#include "harness/agent/process_table.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <sstream>

#include "base/deadline.h"
#include "base/fd.h"
#include "harness/process/spawn.h"

namespace oomlab::harness {
namespace {

using ::testing::Optional;

class ProcessTableTest : public ::testing::Test {
 protected:
  ProcessTableTest() {
    workload_.name = "server";
    workload_.cgroup = "/app";
  }

  Spawned Start(const std::string& script) {
    auto spawned = Spawn({"/bin/sh", {"-c", script}});
    EXPECT_TRUE(spawned.has_value()) << spawned.error().message;
    return *std::move(spawned);
  }

  void RunUntilEnded(int pid) {
    const Deadline deadline = Deadline::After(std::chrono::seconds(30));
    while (!table_.Ended(pid) && !deadline.Passed())
      loop_.run_one_until(deadline.at());
    ASSERT_TRUE(table_.Ended(pid));
  }

  // What the messages add up to.
  Observation Seen() {
    Observation seen;
    ::lseek(messages_.get(), 0, SEEK_SET);
    std::istringstream lines(*ReadAll(messages_.get(), "messages"));
    for (std::string line; std::getline(lines, line);)
      EXPECT_TRUE(ApplyMessage(Json::parse(line), seen).has_value()) << line;
    return seen;
  }

  Workload workload_;
  ScopedFd messages_{::open(::testing::TempDir().c_str(),
                            O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  MessageWriter writer_{messages_.get()};
  boost::asio::io_context loop_;
  ProcessTable table_{loop_, writer_};
};

TEST_F(ProcessTableTest, AKilledChildIsSeenByItsPidfd) {
  const Spawned child = Start("kill -KILL $$");
  table_.AddFirst(workload_, child.pid);
  RunUntilEnded(child.pid);
  const Observation seen = Seen();
  ASSERT_EQ(seen.processes.size(), 1u);
  EXPECT_EQ(seen.processes[0].Id(), "server/parent");
  EXPECT_THAT(seen.processes[0].exit_signal, Optional(9));
  EXPECT_EQ(seen.processes[0].exit_code, std::nullopt);
}

TEST_F(ProcessTableTest, AnExitStatusIsNoSignal) {
  const Spawned child = Start("exit 3");
  table_.AddFirst(workload_, child.pid);
  RunUntilEnded(child.pid);
  EXPECT_THAT(Seen().processes.at(0).exit_code, Optional(3));
}

// A group kill: all are gone before the first line is read.
TEST_F(ProcessTableTest, AnEndThatComesBeforeTheFirstWordIsKept) {
  const Spawned child = Start("kill -KILL $$");
  pollfd ended{child.events.get(), 0, 0};
  ASSERT_EQ(::poll(&ended, 1, 30'000), 1);  // It has closed its pipe.
  while (::kill(child.pid, 0) == 0) table_.Reap();
  table_.AddFirst(workload_, child.pid);
  EXPECT_TRUE(table_.Ended(child.pid));
  EXPECT_THAT(Seen().processes.at(0).exit_signal, Optional(9));
}

// The parent tells of its child before it reaps it; what comes later about the
// same process changes nothing.
TEST_F(ProcessTableTest, TheFirstWordOnAnEndCounts) {
  const Spawned child = Start("read line <&4");
  table_.AddFirst(workload_, child.pid);
  WorkloadEvent exited;
  exited.kind = WorkloadEvent::Kind::kExited;
  exited.pid = child.pid;
  exited.exit_signal = 9;
  table_.Take(workload_, exited);
  exited.exit_signal = 15;
  table_.Take(workload_, exited);
  EXPECT_THAT(Seen().processes.at(0).exit_signal, Optional(9));
}

// An orphan comes to us: no one else can tell how it ended.
TEST_F(ProcessTableTest, AnOrphanIsReaped) {
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  // The grandchild waits for the start signal, then dies by its own hand.
  Spawned child =
      Start("sh -c 'echo $$ >&3; read line <&4; kill -KILL $$' & exit 0");
  std::string text;
  while (!text.ends_with('\n')) {
    char byte = 0;
    if (::read(child.events.get(), &byte, 1) == 1) text += byte;
  }
  const int orphan = std::stoi(text);
  WorkloadEvent process;
  process.kind = WorkloadEvent::Kind::kProcess;
  process.role = "worker";
  process.pid = orphan;
  process.active = true;
  table_.AddFirst(workload_, child.pid);
  table_.Take(workload_, process);
  RunUntilEnded(child.pid);
  EXPECT_FALSE(table_.AllActiveEnded());
  child.start.Reset();
  RunUntilEnded(orphan);
  EXPECT_TRUE(table_.AllActiveEnded());
  EXPECT_THAT(Seen().processes.at(1).exit_signal, Optional(9));
}

TEST_F(ProcessTableTest, AnActiveProcessThatIsDoneHoldsNothingUp) {
  const Spawned child = Start("read line <&4");
  WorkloadEvent event;
  event.kind = WorkloadEvent::Kind::kProcess;
  event.role = "parent";
  event.pid = child.pid;
  event.active = true;
  table_.Take(workload_, event);
  EXPECT_FALSE(table_.AllActiveEnded());
  event.kind = WorkloadEvent::Kind::kDone;
  event.result = "reached";
  event.bytes = 4096;
  table_.Take(workload_, event);
  EXPECT_TRUE(table_.AllActiveEnded());
  EXPECT_THAT(Seen().processes.at(0).reached_bytes, Optional(4096u));
  EXPECT_THAT(table_.LivePids(), ::testing::ElementsAre(child.pid));
}

}  // namespace
}  // namespace oomlab::harness
