#include "harness/kernel/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/kernel/test_support.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

Command Shell(std::string script) {
  return {.program = "sh", .arguments = {"-c", std::move(script)}};
}

TEST(RunCommandTest, KeepsBothStreamsAndTheStatus) {
  const auto run = RunCommand(Shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(run.has_value()) << run.error().message;
  EXPECT_EQ(run->exit_status, 7);
  EXPECT_EQ(run->stdout_text, "out\n");
  EXPECT_EQ(run->stderr_text, "err\n");
}

// More than a pipe holds, on both streams in turn: reading one to its end
// first would hang.
TEST(RunCommandTest, ReadsBothStreamsAtOnce) {
  const auto run = RunCommand(
      Shell("i=0; while [ $i -lt 40 ]; do i=$((i+1)); "
            "head -c 10000 /dev/zero; head -c 10000 /dev/zero >&2; done"));
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->stdout_text.size(), 400'000u);
  EXPECT_EQ(run->stderr_text.size(), 400'000u);
}

TEST(RunCommandTest, ASignalIsToldFromAnExit) {
  const auto run = RunCommand(Shell("kill -9 $$"));
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->exit_status, 128 + 9);
}

TEST(RunCommandTest, RunsInItsDirectoryInLocaleCWithAnEmptyStdin) {
  const TempDirectory directory;
  Command command = Shell("pwd; echo $LC_ALL; cat; echo end");
  command.directory = directory.path();
  const auto run = RunCommand(command);
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->stdout_text, directory.path() + "\nC\nend\n");
}

TEST(RunCommandTest, NamesTheProgramThatIsMissing) {
  for (const char* program : {"no-such-program", "/no/such/program"}) {
    const auto run = RunCommand({.program = program, .arguments = {}});
    ASSERT_FALSE(run.has_value());
    EXPECT_EQ(run.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(run.error().message, HasSubstr(program));
  }
}

TEST(RunCommandTest, AFileThatCannotBeExecutedIsAnError) {
  const TempDirectory directory;
  WriteTestFile(directory / "text", "not a program\n");
  const auto run = RunCommand({.program = directory / "text", .arguments = {}});
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(run.error().code, ErrorCode::kSystem);
  EXPECT_THAT(run.error().message, HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace oomlab::harness
