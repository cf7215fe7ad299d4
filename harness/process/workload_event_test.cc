#include "harness/process/workload_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;
using Kind = WorkloadEvent::Kind;

TEST(ParseWorkloadEventTest, ReadsEveryEventOfTheProtocol) {
  auto event =
      ParseWorkloadEvent("process role=worker index=3 pid=117 active=1");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_EQ(event->kind, Kind::kProcess);
  EXPECT_EQ(event->role, "worker");
  EXPECT_EQ(event->index, 3);
  EXPECT_EQ(event->pid, 117);
  EXPECT_TRUE(event->active);

  event = ParseWorkloadEvent("ready pid=114");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_EQ(event->kind, Kind::kReady);

  event = ParseWorkloadEvent(
      "done pid=114 result=enomem bytes=18446744073709551615");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_EQ(event->kind, Kind::kDone);
  EXPECT_EQ(event->result, "enomem");
  EXPECT_EQ(event->bytes, UINT64_MAX);

  event = ParseWorkloadEvent("exited pid=117 signal=9");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_EQ(event->kind, Kind::kExited);
  EXPECT_THAT(event->exit_signal, Optional(9));
  EXPECT_EQ(event->exit_code, std::nullopt);

  event = ParseWorkloadEvent("exited pid=117 code=2");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_THAT(event->exit_code, Optional(2));

  event = ParseWorkloadEvent("error cannot map 5 bytes: no memory");
  ASSERT_TRUE(event.has_value()) << event.error().message;
  EXPECT_EQ(event->message, "cannot map 5 bytes: no memory");
}

TEST(ParseWorkloadEventTest, NamesTheMissingKey) {
  for (const auto& [line, key] :
       {std::pair{"process role=worker index=3 pid=117", "active"},
        std::pair{"ready", "pid"}, std::pair{"ready pid=x1", "pid"},
        std::pair{"ready pid=1x", "pid"},
        std::pair{"done pid=1 bytes=3", "result"},
        std::pair{"exited pid=1", "code"}}) {
    const auto event = ParseWorkloadEvent(line);
    ASSERT_FALSE(event.has_value()) << line;
    EXPECT_THAT(event.error().message, HasSubstr(key)) << line;
  }
}

TEST(ParseWorkloadEventTest, RefusesWhatItDoesNotKnow) {
  for (const char* line : {"", " ", "hello pid=1", "processs pid=1"})
    EXPECT_FALSE(ParseWorkloadEvent(line).has_value()) << line;
}

}  // namespace
}  // namespace oomlab::harness
