#include "harness/vm/vm_test_guest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/fd.h"
#include "harness/vm/host_tsc.h"
#include "harness/vm/initramfs.h"

namespace oomlab::harness {

std::string TestFile(const std::string& name) {
  return ::testing::TempDir() + "/" +
         ::testing::UnitTest::GetInstance()->current_test_info()->name() + "." +
         name;
}

std::optional<std::string> PrepareTestGuest(const std::string& task,
                                            VmConfig& config) {
  const char* kernel = std::getenv("OOMLAB_TEST_KERNEL");
  if (kernel == nullptr || *kernel == '\0') {
    return "needs a kernel: bazel test "
           "--test_env=OOMLAB_TEST_KERNEL=/path/to/bzImage";
  }
  const Result<std::string> init = ReadFile("harness/vm/test_init");
  EXPECT_TRUE(init.has_value()) << init.error().message;
  const auto initramfs =
      BuildInitramfs({{"init", 0755, init.value_or(std::string())}});
  EXPECT_TRUE(initramfs.has_value());
  config.kernel_path = kernel;
  config.initramfs_path = TestFile("initramfs");
  config.tsc_khz = HostTscKhz();
  config.extra_cmdline = "vmtest=" + task;
  std::ofstream(config.initramfs_path, std::ios::binary)
      << initramfs.value_or(std::string());
  return std::nullopt;
}

}  // namespace oomlab::harness
