#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

using ::testing::HasSubstr;

TEST(CommandTest, RunsAfterTheStartSignalWithArgumentsAndEnvironment) {
  Load load({"command"}, {"--", "NUMBER=7", "/bin/sh", "-c",
                          "exit $((NUMBER * $1))", "sh", "6"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  EXPECT_EQ(Comm(worker), "oomlab-load");
  load.Go();
  EXPECT_EQ(load.Await("exited").line,
            "exited pid=" + std::to_string(worker) + " code=42");
}

TEST(CommandTest, TheProgramHasNeitherOfTheDescriptors) {
  Load load({"command"}, {"--", "/bin/sh", "-c",
                          "test ! -e /proc/$$/fd/3 && test ! -e "
                          "/proc/$$/fd/4"});
  load.Await("ready");
  load.Go();
  EXPECT_EQ(load.Await("exited").fields.at("code"), "0");
}

TEST(CommandTest, TheProgramEndsWithTheStarter) {
  Load load({"command", "--take-at=ready"}, {"--", "sleep", "1000"});
  load.Await("ready");
  load.Abandon();
  EXPECT_EQ(load.AwaitEnd(load.first()), 0);
  load.AwaitEnd(load.Pid("worker", 0));
}

TEST(CommandTest, AProgramThatIsNotThereIsAnError) {
  Load load({"command"}, {"--", "/nonexistent/program"});
  load.Await("ready");
  load.Go();
  EXPECT_THAT(load.Await("error").line,
              HasSubstr("cannot execute the program: ENOENT"));
  EXPECT_EQ(load.Await("exited").fields.at("code"), "2");
}

TEST(CommandTest, NoProgramIsAnError) {
  Load load({"command"}, {"--", "A=b"});
  EXPECT_THAT(load.Await("error").line, HasSubstr("give a program"));
  EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
}

}  // namespace
}  // namespace oomlab::workloads
