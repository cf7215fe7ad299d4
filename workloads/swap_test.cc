#include <gtest/gtest.h>
#include <sys/sysinfo.h>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

std::uint64_t FreeSwapBytes() {
  struct sysinfo info = {};
  EXPECT_EQ(::sysinfo(&info), 0);
  return static_cast<std::uint64_t>(info.freeswap) * info.mem_unit;
}

// What can be seen depends on the machine: both halves are the same contract,
// that "bytes" is what is in swap and next to nothing stays resident.
TEST(SwapTest, SaysHowMuchIsInSwapAndKeepsNothingResident) {
  const bool has_room = FreeSwapBytes() >= 16 * kMiB;
  Load load({"swap", "--bytes=4MiB"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  load.Go();
  const Event done = load.Await("done");
  const auto rollup = SmapsRollup(worker);
  EXPECT_EQ(rollup.at("Swap"), done.Number("bytes"));
  // Anonymous counts what is resident.
  EXPECT_LE(rollup.at("Anonymous"), kProgramAnonBytes);
  EXPECT_EQ(done.fields.at("result"), has_room ? "reached" : "enomem");
  EXPECT_EQ(done.Number("bytes"), has_room ? 4 * kMiB : 0);
}

}  // namespace
}  // namespace oomlab::workloads
