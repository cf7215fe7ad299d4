#include "harness/vm/qemu_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace oomlab::harness {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// The word after `option`, which must be there once.
std::string Value(const std::vector<std::string>& argv,
                  const std::string& option) {
  EXPECT_EQ(std::count(argv.begin(), argv.end(), option), 1) << option;
  const auto it = std::find(argv.begin(), argv.end(), option);
  if (it == argv.end() || it + 1 == argv.end()) return "(none)";
  return *(it + 1);
}

VmConfig Config() {
  VmConfig config;
  config.kernel_path = "/k/vm,linuz";
  config.initramfs_path = "/i";
  config.tsc_khz = 2596120;
  return config;
}

TEST(QemuCommandTest, TcgRunsWithoutTheInstructionThatItGetsWrong) {
  EXPECT_EQ(Value(QemuCommand(Config()), "-cpu"), "max,-cx16");
  VmConfig kvm = Config();
  kvm.accel = VmAccel::kKvm;
  EXPECT_EQ(Value(QemuCommand(kvm), "-cpu"), "host,-arch-capabilities");
  EXPECT_EQ(Value(QemuCommand(kvm), "-accel"), "kvm");
}

TEST(QemuCommandTest, MemoryIsExactToTheByte) {
  VmConfig config = Config();
  config.memory_bytes = (100ull << 20) + 8192;
  EXPECT_EQ(Value(QemuCommand(config), "-m"), "104865792B");
}

TEST(QemuCommandTest, PathsArePassedAsTheyAre) {
  EXPECT_EQ(Value(QemuCommand(Config()), "-kernel"), "/k/vm,linuz");
  EXPECT_EQ(Value(QemuCommand(Config()), "-initrd"), "/i");
}

TEST(QemuCommandTest, APanicEndsQemu) {
  EXPECT_THAT(QemuCommand(Config()), Contains("-no-reboot"));
  const std::string cmdline = Value(QemuCommand(Config()), "-append");
  EXPECT_THAT(cmdline, HasSubstr("panic=-1"));
  EXPECT_THAT(cmdline, HasSubstr("reboot=t"));
}

TEST(QemuCommandTest, TheTscIsGivenUnderTcgOnly) {
  EXPECT_THAT(KernelCmdline(Config()), HasSubstr("tsc_early_khz=2596120"));
  VmConfig unknown = Config();
  unknown.tsc_khz = 0;
  EXPECT_THAT(KernelCmdline(unknown), Not(HasSubstr("tsc")));
  VmConfig kvm = Config();
  kvm.accel = VmAccel::kKvm;
  EXPECT_THAT(KernelCmdline(kvm), Not(HasSubstr("tsc")));
}

TEST(QemuCommandTest, ExtraWordsComeLastAndSoWin) {
  VmConfig config = Config();
  config.extra_cmdline = "panic=0 oom=test";
  EXPECT_THAT(KernelCmdline(config), ::testing::EndsWith(" panic=0 oom=test"));
}

TEST(QemuCommandTest, Q35HasTheSameTwoPorts) {
  VmConfig config = Config();
  config.machine = VmMachine::kQ35;
  const auto argv = QemuCommand(config);
  EXPECT_EQ(Value(argv, "-M"), "q35");
  EXPECT_THAT(argv, Contains("isa-serial,chardev=console,index=0"));
  EXPECT_THAT(argv, Contains("isa-serial,chardev=channel,index=1"));
}

}  // namespace
}  // namespace oomlab::harness
