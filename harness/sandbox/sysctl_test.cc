#include "harness/sandbox/sysctl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

TEST(SetSysctlTest, AKernelWithoutTheSettingIsUnsupported) {
  const auto set = SetSysctl("vm.oom_no_such_setting", "1");
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(set.error().message,
            "this kernel has no sysctl vm.oom_no_such_setting");
}

// Writes the value that is there, so the machine stays as it was.
TEST(SetSysctlTest, AValueThatTookIsNoError) {
  for (const char* name : {"vm.swappiness", "kernel.printk"}) {
    std::string path = std::string("/proc/sys/") + name;
    path[path.find('.')] = '/';
    const auto value = ReadFile(path);
    ASSERT_TRUE(value.has_value()) << value.error().message;
    const auto set = SetSysctl(name, *value);
    if (!set && (set.error().code == ErrorCode::kPermission ||
                 set.error().message.find("EROFS") != std::string::npos))
      GTEST_SKIP() << "needs to be allowed to set a sysctl: "
                   << set.error().message;
    EXPECT_TRUE(set.has_value()) << set.error().message;
  }
}

TEST(SetSysctlTest, ARefusedValueNamesSettingAndValue) {
  const auto set = SetSysctl("vm.swappiness", "many");
  ASSERT_FALSE(set.has_value());
  EXPECT_THAT(set.error().message, HasSubstr("vm.swappiness"));
}

}  // namespace
}  // namespace oomlab::harness
