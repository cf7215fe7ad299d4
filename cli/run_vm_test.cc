// `oomlab run` as its users see it, with real guests. Needs a kernel:
//
//   bazel test --test_env=OOMLAB_TEST_KERNEL=/path/of/bzImage //cli:run_vm_test

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_fixture.h"
#include "harness/record/record_dir.h"

namespace oomlab::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// 64 MiB for a parent of 20 MiB that five children share, and grows by 80 MiB.
constexpr const char* kMemcg = R"({
  "schema": "oomlab.scenario/1",
  "name": "memcg",
  "description": "A prefork parent outgrows its cgroup.",
  "cgroups": [{"path": "/app", "memory.max": "64MiB"}],
  "workloads": [
    {"name": "server", "kind": "prefork", "cgroup": "/app",
     "comm": "prefork", "worker_comm": "child",
     "image": "20MiB", "workers": 5, "grow": "parent", "grow_by": "80MiB"}
  ],
  "expect": {
    "outcome": "killed",
    "constraint": "CONSTRAINT_MEMCG",
    "victims": [{"process": "server/parent"}],
    "survivors": [{"process": "server/worker", "count": 5}],
    "task_table": true
  }
})";

// Works for as long as the guest lives.
constexpr const char* kEndless = R"({
  "schema": "oomlab.scenario/1",
  "name": "endless",
  "description": "Takes memory and frees it, over and over.",
  "workloads": [
    {"name": "busy", "kind": "alloc", "workers": 1, "bytes": "8MiB",
     "mode": "cycle", "cycles": 1000000}
  ],
  "expect": {"outcome": "none"}
})";

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class RunVmTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    const char* kernel = std::getenv("OOMLAB_TEST_KERNEL");
    if (kernel == nullptr)
      GTEST_SKIP() << "needs a kernel: set OOMLAB_TEST_KERNEL to a bzImage";
    kernel_ = kernel;
  }

  // `oomlab run` of a scenario file with this text.
  std::vector<std::string> RunArguments(const std::string& scenario) {
    WriteTo("scenario.json", scenario);
    return {"run",      Path("scenario.json"),
            "--kernel", kernel_,
            "--accel",  "tcg",
            "--out",    Path("out")};
  }

  harness::RunRecord Record() {
    std::vector<std::string> directories;
    for (const auto& entry : std::filesystem::directory_iterator(Path("out")))
      directories.push_back(entry.path().string());
    EXPECT_EQ(directories.size(), 1u);
    auto record = harness::ReadRecord(directories.at(0));
    EXPECT_TRUE(record.has_value()) << record.error().message;
    return record.value_or(harness::RunRecord{});
  }

  // The guest has begun: its kernel speaks.
  void WaitForConsole(Command& command) {
    ASSERT_TRUE(command.WaitUntil([&] {
      std::error_code not_yet;
      for (const auto& run :
           std::filesystem::directory_iterator(Path("out"), not_yet)) {
        const auto size =
            std::filesystem::file_size(run.path() / "console.log", not_yet);
        if (!not_yet && size > 0) return true;
      }
      return false;
    }));
  }

  std::string kernel_;
};

TEST_F(RunVmTest, AnOutgrownCgroupPasses) {
  const Finished run = Run(RunArguments(kMemcg));
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("PASS memcg on "));
  const harness::RunRecord record = Record();
  EXPECT_EQ(record.verdict, harness::Verdict::kPass);
  EXPECT_EQ(record.status, "complete");
  EXPECT_TRUE(record.observation.finished);
  EXPECT_FALSE(record.context.kernel_sha256.empty());
}

TEST_F(RunVmTest, AFlippedExpectationFailsAndExplains) {
  const Finished run = Run(RunArguments(
      Replaced(Replaced(kMemcg, R"("server/parent")", R"("server/worker/2")"),
               R"("count": 5)", R"("count": 4)")));
  EXPECT_EQ(run.status, 1) << run.out << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("server/worker/2"), HasSubstr("server/parent"),
                    HasSubstr("Killed process"), HasSubstr("oomlab run "),
                    HasSubstr("FAIL memcg")));
}

TEST_F(RunVmTest, EachFlippedExpectationIsFound) {
  for (const auto& [from, to] :
       {std::pair{R"("outcome": "killed")", R"("outcome": "group_killed")"},
        std::pair{R"("CONSTRAINT_MEMCG")", R"("CONSTRAINT_NONE")"},
        std::pair{R"("task_table": true)", R"("task_table": false)"},
        std::pair{R"("count": 5)", R"("count": 3)"}}) {
    const Finished run = Run(RunArguments(Replaced(kMemcg, from, to)));
    EXPECT_EQ(run.status, 1) << to << "\n" << run.out << run.err;
  }
}

TEST_F(RunVmTest, AHostileNameForgesNothing) {
  const Finished run = Run(RunArguments(Replaced(
      Replaced(kMemcg, R"("comm": "prefork")", R"("comm": "x) total-vm:9kB")"),
      R"("worker_comm": "child")", R"("worker_comm": "] 0 0\n(1) x")")));
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("x) total-vm:9kB"));
}

TEST_F(RunVmTest, APanicIsBrokenUnlessItIsExpected) {
  const std::string panics =
      Replaced(Replaced(kMemcg, R"("workloads")",
                        R"("sysctls": {"vm.panic_on_oom": 2}, "workloads")"),
               R"("victims": [{"process": "server/parent"}],
    "survivors": [{"process": "server/worker", "count": 5}],
    "task_table": true)",
               R"("task_table": true)");
  Finished run = Run(RunArguments(panics));
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("panic"));
  EXPECT_EQ(Record().broken->cause, harness::BrokenCause::kGuestPanic);
  std::filesystem::remove_all(Path("out"));
  run = Run(RunArguments(R"({
    "schema": "oomlab.scenario/1", "name": "panic",
    "description": "The kernel is told to panic.",
    "sysctls": {"vm.panic_on_oom": 2},
    "cgroups": [{"path": "/app", "memory.max": "32MiB"}],
    "workloads": [{"name": "hog", "kind": "alloc", "cgroup": "/app",
                   "workers": 1, "bytes": "64MiB"}],
    "expect": {"outcome": "panic"}})"));
  EXPECT_EQ(run.status, 0) << run.out << run.err;
}

TEST_F(RunVmTest, QemuKilledMidRunIsBrokenAndRecorded) {
  Command command = Start(RunArguments(kEndless));
  WaitForConsole(command);
  const std::vector<int> children = command.Children();
  ASSERT_EQ(children.size(), 1u);
  ASSERT_EQ(::kill(children[0], SIGKILL), 0);
  const Finished run = command.Finish();
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  const harness::RunRecord record = Record();
  EXPECT_EQ(record.status, "complete");
  EXPECT_EQ(record.broken->cause, harness::BrokenCause::kQemuDied);
}

TEST_F(RunVmTest, ADeadlineThatPassesIsBroken) {
  std::vector<std::string> arguments = RunArguments(kEndless);
  arguments.insert(arguments.end(), {"--timeout", "0.01"});
  const Finished run = Run(arguments);
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_EQ(Record().broken->cause, harness::BrokenCause::kDeadline);
}

TEST_F(RunVmTest, AnInterruptEndsTheRunAndKeepsTheRecord) {
  Command command = Start(RunArguments(kEndless));
  WaitForConsole(command);
  const std::vector<int> children = command.Children();
  ASSERT_EQ(children.size(), 1u);
  command.Signal(SIGINT);
  const Finished run = command.Finish();
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_EQ(Record().status, "complete");
  EXPECT_NE(::kill(children[0], 0), 0) << "QEMU outlived the interrupt";
}

TEST_F(RunVmTest, AKilledHarnessLeavesAMarkedRecordAndNoGuest) {
  Command command = Start(RunArguments(kEndless));
  WaitForConsole(command);
  const std::vector<int> children = command.Children();
  ASSERT_EQ(children.size(), 1u);
  command.Signal(SIGKILL);
  command.Finish();
  EXPECT_TRUE(command.WaitUntil([&] { return ::kill(children[0], 0) != 0; }))
      << "QEMU outlived the harness";
  const harness::RunRecord record = Record();
  EXPECT_EQ(record.status, "running");
  EXPECT_EQ(record.verdict, harness::Verdict::kBroken);
}

TEST_F(RunVmTest, AStoredRunRendersTheSameAgain) {
  const Finished run = Run(RunArguments(kMemcg));
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  std::string directory;
  for (const auto& entry : std::filesystem::directory_iterator(Path("out")))
    directory = entry.path().string();
  const Finished again = cli::CommandTest::Run({"report", directory});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(run.out, HasSubstr(again.out));
}

}  // namespace
}  // namespace oomlab::cli
