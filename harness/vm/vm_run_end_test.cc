// How a run ends, with a shell script where QEMU should be: what a real guest
// does too rarely, or not on demand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "harness/vm/vm_run.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

// Descriptor 0 is the channel's writing end, 1 the console. The variables are
// shell, for the scripts below.
constexpr char kHead[] =
    "#!/bin/sh\n"
    "hello() { echo '{\"seq\":0,\"type\":\"hello\"}' >&0; }\n"
    "end() { echo '{\"seq\":1,\"type\":\"end\",\"messages\":2}' >&0; }\n"
    // Nobody writes to this FIFO; a trapped signal interrupts the read.
    "stay() { exec 3<>$0.stay; while :; do read -r _ <&3; done; }\n";

class VmRunEndTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    config_.qemu = ::testing::TempDir() + "/" + test->name();
    for (const char* fifo : {".stay", ".ready"}) {
      std::filesystem::remove(config_.qemu + fifo);
      ASSERT_EQ(mkfifo((config_.qemu + fifo).c_str(), 0600), 0);
    }
    deadlines_.terminate = std::chrono::milliseconds(200);
  }

  VmOutcome Run(
      const std::string& script,
      const MessageHandler& handler = [](const nlohmann::json&) {}) {
    std::ofstream(config_.qemu) << kHead << script << "\n";
    chmod(config_.qemu.c_str(), 0755);
    return RunVm(config_, deadlines_, handler, stop_.get_token());
  }

  VmConfig config_;
  VmDeadlines deadlines_;
  std::stop_source stop_;
};

TEST_F(VmRunEndTest, AnEndMessageAfterSigtermDoesNotPutOffSigkill) {
  const VmOutcome out =
      Run("trap end TERM; hello; stay",
          [this](const nlohmann::json&) { stop_.request_stop(); });
  EXPECT_EQ(out.messages, 2u);
  EXPECT_EQ(out.end, VmEnd::kCancelled) << out.message;
  EXPECT_EQ(out.exit_signal, SIGKILL);
}

TEST_F(VmRunEndTest, AFirstMessageAfterSigtermDoesNotPutOffSigkill) {
  std::thread cancel([this] {
    std::string line;
    std::ifstream ready(config_.qemu + ".ready");
    std::getline(ready, line);
    stop_.request_stop();
  });
  const VmOutcome out = Run("trap hello TERM; echo >$0.ready; stay");
  cancel.join();
  EXPECT_EQ(out.messages, 1u);
  EXPECT_EQ(out.end, VmEnd::kCancelled) << out.message;
  EXPECT_EQ(out.exit_signal, SIGKILL);
}

TEST_F(VmRunEndTest, AQemuThatStaysAfterTheEndIsKilledAndTheRunFinished) {
  deadlines_.leave = std::chrono::milliseconds(100);
  const VmOutcome out = Run("trap '' TERM; hello; end; stay");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message;
  EXPECT_THAT(out.message, HasSubstr("had to be ended"));
  EXPECT_EQ(out.exit_signal, SIGKILL);
}

TEST_F(VmRunEndTest, APanicLineCountsOnlyWhereNothingElseEndedTheRun) {
  constexpr char kPanic[] = "echo 'Kernel panic - not syncing: x'; ";
  VmOutcome out = Run(std::string(kPanic) + "hello; exit 0");
  EXPECT_EQ(out.end, VmEnd::kGuestPanic) << out.message;
  EXPECT_EQ(out.panic_line, "Kernel panic - not syncing: x");

  out = Run(std::string(kPanic) + "hello; end; exit 0");
  EXPECT_EQ(out.end, VmEnd::kFinished) << out.message;
  EXPECT_EQ(out.panic_line, std::nullopt);

  out = Run(std::string(kPanic) + "hello; echo broken >&2; exit 1");
  EXPECT_EQ(out.end, VmEnd::kQemuDied) << out.message;
  EXPECT_EQ(out.panic_line, std::nullopt);
}

TEST_F(VmRunEndTest, ABootThatFailsIsToldWithTheLastLineOfTheConsole) {
  VmOutcome out = Run("echo first; echo 'last words'; exit 0");
  EXPECT_EQ(out.end, VmEnd::kBootFailed);
  EXPECT_THAT(out.message, HasSubstr("last line of its console: last words"));
  out = Run("exit 0");
  EXPECT_EQ(out.end, VmEnd::kBootFailed);
  EXPECT_THAT(out.message, HasSubstr("its console is empty"));
}

}  // namespace
}  // namespace oomlab::harness
