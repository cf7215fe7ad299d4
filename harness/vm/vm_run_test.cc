// Real guests. Needs QEMU, and a kernel in $OOMLAB_TEST_KERNEL.

#include "harness/vm/vm_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/fd.h"
#include "harness/vm/direct_kernel.h"
#include "harness/vm/initramfs.h"
#include "harness/vm/vm_test_guest.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Seconds = VmDeadlines::Seconds;

class VmRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = PrepareTestGuest("", config_)) GTEST_SKIP() << *why;
    config_.console_log_path = TestFile("console.log");
  }

  VmOutcome Run(const std::string& task, MessageHandler handler = nullptr,
                const std::stop_token& stop = {}) {
    config_.extra_cmdline = "vmtest=" + task;
    VmOutcome out = RunVm(
        config_, deadlines_,
        [&](const nlohmann::json& message) {
          if (handler) handler(message);
        },
        stop);
    RecordProperty("boot_s", std::to_string(out.boot_s));
    RecordProperty("total_s", std::to_string(out.total_s));
    return out;
  }

  void ExpectOnConsole(const std::string& words) {
    const auto console = ReadFile(config_.console_log_path);
    ASSERT_TRUE(console.has_value()) << console.error().message;
    constexpr std::size_t kShown = 2000;
    const std::size_t from =
        console->size() - std::min(kShown, console->size());
    EXPECT_NE(console->find(words), std::string::npos)
        << "no '" << words << "' on the console, which ends with:\n"
        << console->substr(from);
  }

  VmConfig config_;
  VmDeadlines deadlines_;
};

TEST_F(VmRunTest, AGuestThatFinishesIsFinished) {
  std::vector<std::string> types;
  const VmOutcome out = Run("finish", [&](const nlohmann::json& message) {
    types.push_back(message.at("type"));
  });
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message << out.qemu_stderr;
  EXPECT_THAT(types, ::testing::ElementsAre("hello", "end"));
  EXPECT_THAT(out.channel_faults, IsEmpty());
  EXPECT_EQ(out.exit_status, 0);
  EXPECT_EQ(out.panic_line, std::nullopt);
  EXPECT_GT(out.boot_s, 0);
  EXPECT_GE(out.total_s, out.boot_s + out.run_s);
  ExpectOnConsole("Linux version");
}

TEST_F(VmRunTest, Q35AndTwoCpusBootAsWell) {
  config_.machine = VmMachine::kQ35;
  config_.cpus = 2;
  const VmOutcome out = Run("finish");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message << out.qemu_stderr;
  ExpectOnConsole("2 CPUs");
}

TEST_F(VmRunTest, AnUnpackedKernelBootsAsWell) {
  const std::string image = config_.kernel_path;
  config_.kernel_path = DirectKernel(image, "test", TestFile("vmlinux"));
  ASSERT_NE(config_.kernel_path, image);
  const VmOutcome out = Run("finish");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message << out.qemu_stderr;
}

TEST_F(VmRunTest, APanicIsAPanicAndItsConsoleIsWhole) {
  const VmOutcome out = Run("panic");
  EXPECT_EQ(out.end, VmEnd::kGuestPanic) << out.message;
  EXPECT_EQ(out.panic_line,
            "Kernel panic - not syncing: sysrq triggered crash");
  ExpectOnConsole("Call Trace:");
  ExpectOnConsole("sysrq_handle_crash");
}

TEST_F(VmRunTest, AnInitThatExitsPanicsTheKernel) {
  const VmOutcome out = Run("exit");
  EXPECT_EQ(out.end, VmEnd::kGuestPanic) << out.message;
  EXPECT_THAT(out.message, HasSubstr("Attempted to kill init!"));
  EXPECT_THAT(out.message, HasSubstr("exitcode=0x00000300"));
}

TEST_F(VmRunTest, AForgedPanicLineEndsNothing) {
  const VmOutcome out = Run("forge");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message;
  EXPECT_EQ(out.panic_line, std::nullopt);
  ExpectOnConsole("Kernel panic - not syncing: forged");
}

TEST_F(VmRunTest, AMissingInitIsAPanicWhileBooting) {
  std::ofstream(config_.initramfs_path, std::ios::trunc)
      << BuildInitramfs({}).value();
  const VmOutcome out = Run("finish");
  EXPECT_EQ(out.end, VmEnd::kGuestPanic) << out.message;
  EXPECT_EQ(out.messages, 0u);
}

TEST_F(VmRunTest, ASilentGuestFailsToBoot) {
  // Far above the gaps of a boot, so that it is /init that is silent; what the
  // test asserts holds on a stalled machine too.
  deadlines_.boot_silence = Seconds(10);
  const VmOutcome out = Run("silent");
  EXPECT_EQ(out.end, VmEnd::kBootFailed) << out.message;
  EXPECT_THAT(out.message, HasSubstr("the guest did not boot: silent for"));
  EXPECT_EQ(out.messages, 0u);
  EXPECT_GE(out.total_s, 10);
}

TEST_F(VmRunTest, AHangMeetsTheRunDeadline) {
  deadlines_.run = Seconds(0.5);
  const VmOutcome out = Run("hang");
  EXPECT_EQ(out.end, VmEnd::kDeadline) << out.message;
  EXPECT_GE(out.run_s, 0.5);
  EXPECT_EQ(out.messages, 1u);
}

TEST_F(VmRunTest, AGuestThatLeavesWithoutAnEndHasLeft) {
  const VmOutcome out = Run("leave");
  EXPECT_EQ(out.end, VmEnd::kGuestLeft) << out.message;
  ASSERT_EQ(out.channel_faults.size(), 1u);
  EXPECT_EQ(out.channel_faults[0].kind, ChannelFault::Kind::kTruncated);
}

TEST_F(VmRunTest, AHalfMessageIsTruncation) {
  const VmOutcome out = Run("half");
  EXPECT_EQ(out.end, VmEnd::kGuestLeft) << out.message;
  ASSERT_FALSE(out.channel_faults.empty());
  EXPECT_THAT(out.channel_faults[0].message, HasSubstr("stops in the middle"));
}

TEST_F(VmRunTest, ALostMessageIsReported) {
  const VmOutcome out = Run("skip");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message;
  ASSERT_EQ(out.channel_faults.size(), 1u);
  EXPECT_EQ(out.channel_faults[0].message, "message 1 is lost");
}

TEST_F(VmRunTest, AMebibyteArrivesWhole) {
  std::size_t bytes = 0;
  const VmOutcome out = Run("flood", [&](const nlohmann::json& message) {
    bytes += message.dump().size() + 1;
  });
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message;
  EXPECT_THAT(out.channel_faults, IsEmpty());
  EXPECT_EQ(out.messages, 1050u);
  EXPECT_GT(bytes, 1u << 20);
  std::cout << bytes << " bytes in " << out.run_s << " s\n";
}

TEST_F(VmRunTest, AGuestThatStaysAfterItsEndIsFinishedAndEnded) {
  deadlines_.leave = Seconds(0.5);
  const VmOutcome out = Run("linger");
  EXPECT_EQ(out.end, VmEnd::kFinished);
  EXPECT_THAT(out.message, HasSubstr("had to be ended"));
}

TEST_F(VmRunTest, CancellingEndsTheGuest) {
  std::stop_source source;
  const VmOutcome out = Run(
      "hang", [&](const nlohmann::json&) { source.request_stop(); },
      source.get_token());
  EXPECT_EQ(out.end, VmEnd::kCancelled) << out.message;
  EXPECT_NE(out.exit_signal, SIGKILL);  // SIGTERM was enough.
}

TEST_F(VmRunTest, ACancelledRunDoesNotStartToBoot) {
  std::stop_source source;
  source.request_stop();
  const VmOutcome out = Run("hang", nullptr, source.get_token());
  EXPECT_EQ(out.end, VmEnd::kCancelled) << out.message;
  EXPECT_EQ(out.messages, 0u);
}

TEST_F(VmRunTest, GuestsRunSideBySide) {
  config_.extra_cmdline = "vmtest=finish";
  config_.console_log_path.clear();
  VmOutcome first;
  VmOutcome second;
  const auto run = [this](VmOutcome& out) {
    out = RunVm(config_, deadlines_, [](const nlohmann::json&) {});
  };
  std::thread thread(run, std::ref(first));
  run(second);
  thread.join();
  EXPECT_EQ(first.end, VmEnd::kFinished) << first.message;
  EXPECT_EQ(second.end, VmEnd::kFinished) << second.message;
}

TEST_F(VmRunTest, AKernelThatIsNoneIsAFaultOfQemuWithItsWords) {
  config_.kernel_path = "/nonexistent/vmlinuz";
  const VmOutcome out = Run("finish");
  EXPECT_EQ(out.end, VmEnd::kQemuDied);
  EXPECT_THAT(out.message, HasSubstr("/nonexistent/vmlinuz"));
}

}  // namespace
}  // namespace oomlab::harness
