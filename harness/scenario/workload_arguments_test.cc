#include "harness/scenario/workload_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oomlab::harness {
namespace {

using testing::ElementsAre;

TEST(WorkloadArgumentsTest, APreforkServerThatGrowsItsParent) {
  PreforkOptions options;
  options.image_bytes = 20 << 20;
  options.workers = 5;
  options.grow = PreforkOptions::Grow::kParent;
  options.grow_bytes = 80 << 20;
  options.worker_comm = "child";
  Workload workload{"server", "/app", "prefork", 0, options};
  EXPECT_THAT(WorkloadArguments(workload),
              ElementsAre("prefork", "--control", "--image=20971520",
                          "--workers=5", "--grow=parent",
                          "--grow-bytes=83886080", "--worker-private=0",
                          "--comm=prefork", "--worker-comm=child"));
}

TEST(WorkloadArgumentsTest, AllocatorsThatCycle) {
  AllocOptions options;
  options.workers = 2;
  options.bytes = 4096;
  options.mode = AllocOptions::Mode::kCycle;
  options.cycles = 7;
  Workload workload{"stress", "/", std::nullopt, 0, options};
  EXPECT_THAT(WorkloadArguments(workload),
              ElementsAre("alloc", "--control", "--workers=2", "--bytes=4096",
                          "--mode=cycle", "--cycles=7"));
}

// An argument is passed to exec as it is: no shell reads it.
TEST(WorkloadArgumentsTest, ACommMayHoldAnything) {
  Workload workload{"x", "/", "a b;$(c)\"--x", 0, PreforkOptions{}};
  EXPECT_EQ(WorkloadArguments(workload).back(), "--comm=a b;$(c)\"--x");
}

}  // namespace
}  // namespace oomlab::harness
