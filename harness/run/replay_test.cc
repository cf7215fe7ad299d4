#include "harness/run/replay.h"

#include <gtest/gtest.h>

#include "harness/kernel/name.h"

namespace oomlab::harness {
namespace {

Kernel Stored(const std::string& release) {
  Kernel kernel;
  kernel.name = "debian:6";
  kernel.release = release;
  kernel.path = "/cache/vmlinuz";
  return kernel;
}

// Numbers alone would not do: the release 6.1.0-56 is the version 6.1.192.
TEST(ReplayCommandTest, NamesAStoredKernelByItsRelease) {
  EXPECT_EQ(ReplayCommand("out/a", Stored("6.1.0-56-cloud-amd64"), "tcg", {}),
            "oomlab run out/a/scenario.json --kernel "
            "debian:6.1.0-56-cloud-amd64 --accel tcg");
  for (const char* release : {"5.10.0-46-cloud-amd64",
                              "6.12.117+deb13-cloud-amd64", "7.3-cloud-amd64"})
    EXPECT_TRUE(KernelName::Parse("debian:" + std::string(release)).has_value())
        << release;
}

TEST(ReplayCommandTest, NamesAFileByItsPathAndQuotesForAShell) {
  Kernel kernel;
  kernel.name = kernel.path = "/my kernels/it's";
  EXPECT_EQ(ReplayCommand("my out", kernel, "kvm", 2.5),
            "oomlab run 'my out/scenario.json' --kernel "
            "'/my kernels/it'\\''s' --accel kvm --timeout 2.5");
}

}  // namespace
}  // namespace oomlab::harness
