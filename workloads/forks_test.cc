#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

TEST(ForksTest, ForksUpToItsBoundAndNoFurther) {
  Load load({"forks", "--processes=20", "--bytes=1MiB"});
  load.Await("ready");
  EXPECT_EQ(load.events().size(), 2u);
  load.Go();
  const Event done = load.Await("done");
  EXPECT_EQ(done.fields.at("result"), "reached");
  EXPECT_EQ(done.Number("bytes"), 20 * kMiB);
  std::set<std::string> pids;
  for (int i = 0; i < 21; ++i)
    pids.insert(load.Await("process").fields.at("pid"));
  EXPECT_EQ(pids.size(), 21u);
  for (const std::uint64_t i : {0u, 19u}) {
    AwaitSleep(load.Pid("worker", i));
    const auto anonymous = SmapsRollup(load.Pid("worker", i)).at("Anonymous");
    EXPECT_GE(anonymous, kMiB);
    EXPECT_LE(anonymous, kMiB + kProgramAnonBytes);
  }
}

TEST(ForksTest, ChildrenThatLiveShortAreReportedOneByOne) {
  Load load({"forks", "--processes=30", "--lifetime-ms=1"});
  load.Await("ready");
  load.Go();
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(load.Await("exited").fields.at("code"), "0");
}

TEST(ForksTest, TheStormEndsWithItsStarter) {
  Load load({"forks", "--processes=100000", "--every-us=1000"});
  load.Await("ready");
  load.Go();
  for (int i = 0; i < 5; ++i) load.Await("process");
  load.Abandon();
  load.AwaitEnd(load.first());
}

}  // namespace
}  // namespace oomlab::workloads
