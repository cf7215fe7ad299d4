#include "harness/agent/message.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What `write` sends, line by line.
template <class Write>
std::vector<Json> Sent(Write write) {
  std::FILE* file = std::tmpfile();
  MessageWriter writer(::fileno(file));
  write(writer);
  EXPECT_TRUE(writer.status().has_value());
  ::lseek(::fileno(file), 0, SEEK_SET);
  std::istringstream lines(*ReadAll(::fileno(file), "messages"));
  std::fclose(file);
  std::vector<Json> messages;
  for (std::string line; std::getline(lines, line);)
    messages.push_back(Json::parse(line));
  return messages;
}

TEST(MessageTest, ARunComesOutAsItWentIn) {
  ProcessObservation process;
  process.workload = "server";
  process.role = "worker";
  process.index = 2;
  process.pid = 117;
  process.comm = "child";
  process.cgroup = "/app";
  ProcessObservation killed = process;
  killed.exit_signal = 9;
  killed.exit_ns = 5;
  Sample sample;
  sample.t_ns = 7;
  sample.cgroup_charge_bytes["/app"] = 4096;
  const auto messages = Sent([&](MessageWriter& writer) {
    GuestInfo guest;
    guest.release = "6.12.95+deb12-cloud-amd64";
    guest.mem_total_kib = 158984;
    writer.Hello(guest);
    writer.EnterPhase("go", 3);
    writer.Process(process);
    writer.Process(killed);
    writer.CountersBefore({{{"oom_kill", 0}}, {{"/app", {{"oom_kill", 0}}}}});
    writer.CountersAfter({{{"oom_kill", 1}}, {{"/app", {{"oom_kill", 1}}}}});
    writer.AddSample(sample);
    writer.KernelLogRecord("4,1,2,-;one");
    writer.KernelLogRecord("4,2,2,-;two");
    writer.KernelLogLost(2);
    writer.AgentError("no sandbox");
    writer.Unsupported("no cgroup2");
    writer.End();
  });
  ASSERT_EQ(messages.size(), 13u);
  EXPECT_EQ(messages.back()["messages"], 13);
  Observation seen;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i]["seq"], i);
    const auto applied = ApplyMessage(messages[i], seen);
    ASSERT_TRUE(applied.has_value()) << applied.error().message;
  }
  ASSERT_TRUE(seen.guest.has_value());
  EXPECT_EQ(seen.guest->mem_total_kib, 158984u);
  ASSERT_EQ(seen.phases.size(), 1u);
  EXPECT_EQ(seen.phases[0].name, "go");
  // One process, as it was last told.
  ASSERT_EQ(seen.processes.size(), 1u);
  EXPECT_EQ(seen.processes[0].Id(), "server/worker/2");
  EXPECT_EQ(seen.processes[0].exit_signal, 9);
  EXPECT_FALSE(seen.processes[0].Alive());
  EXPECT_EQ(seen.before->cgroup_events.at("/app").at("oom_kill"), 0);
  EXPECT_EQ(seen.after->vmstat.at("oom_kill"), 1);
  ASSERT_EQ(seen.samples.size(), 1u);
  EXPECT_EQ(seen.samples[0].cgroup_charge_bytes.at("/app"), 4096);
  EXPECT_EQ(seen.kernel_log, "4,1,2,-;one\n4,2,2,-;two\n");
  EXPECT_EQ(seen.kernel_log_lost, 2);
  EXPECT_THAT(seen.agent_errors, ElementsAre("no sandbox"));
  EXPECT_THAT(seen.unsupported, ElementsAre("no cgroup2"));
  EXPECT_TRUE(seen.finished);
}

TEST(MessageTest, SnapshotKeepsEachProcess) {
  MemorySnapshot snapshot;
  snapshot.phase = "ready";
  ProcessMemory memory;
  memory.pid = 3;
  memory.rss_kib = 20480;
  memory.pss_kib = 3500;
  snapshot.processes.push_back(memory);
  Observation seen;
  for (const Json& message :
       Sent([&](MessageWriter& writer) { writer.Snapshot(snapshot); }))
    ASSERT_TRUE(ApplyMessage(message, seen).has_value());
  ASSERT_EQ(seen.snapshots.size(), 1u);
  ASSERT_EQ(seen.snapshots[0].processes.size(), 1u);
  EXPECT_EQ(seen.snapshots[0].processes[0].pss_kib, 3500);
}

TEST(MessageTest, ACommThatIsNotUtf8DoesNotStopTheRun) {
  ProcessObservation process;
  process.comm = "\xff\x1b[31m\"\n";
  const auto messages =
      Sent([&](MessageWriter& writer) { writer.Process(process); });
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0]["process"]["comm"], "\uFFFD\x1b[31m\"\n");
}

TEST(MessageTest, DamageIsAnErrorThatNamesTheField) {
  Observation seen;
  for (const auto& [text, word] :
       {std::pair{R"({"seq":0})", "type"},
        std::pair{R"({"type":"dance"})", "dance"},
        std::pair{R"({"type":"kmsg"})", "record"},
        std::pair{R"({"type":"kmsg","record":5})", "string"},
        std::pair{R"({"type":"process","process":{"workload":"a"}})",
                  "role"}}) {
    const auto applied = ApplyMessage(Json::parse(text), seen);
    ASSERT_FALSE(applied.has_value()) << text;
    EXPECT_EQ(applied.error().code, ErrorCode::kMalformed);
    EXPECT_THAT(applied.error().message, HasSubstr(word)) << text;
  }
}

TEST(MessageTest, AFailedWriteIsRemembered) {
  const auto full = OpenFile("/dev/full", O_WRONLY);
  MessageWriter writer(full->get());
  writer.EnterPhase("go", 0);
  ASSERT_FALSE(writer.status().has_value());
  EXPECT_THAT(writer.status().error().message, HasSubstr("ENOSPC"));
}

}  // namespace
}  // namespace oomlab::harness
