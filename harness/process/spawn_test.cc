#include "harness/process/spawn.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "base/deadline.h"

namespace oomlab::harness {
namespace {

// Reads what the child says until it closes its end.
std::string ReadEvents(const Spawned& spawned) {
  const Deadline deadline = Deadline::After(std::chrono::seconds(30));
  std::string text;
  while (!deadline.Passed()) {
    pollfd wait{spawned.events.get(), POLLIN, 0};
    if (::poll(&wait, 1, deadline.RemainingMs()) <= 0) break;
    char buffer[256];
    const ssize_t n = ::read(spawned.events.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

int Wait(const Spawned& spawned) {
  int status = 0;
  EXPECT_EQ(::waitpid(spawned.pid, &status, 0), spawned.pid);
  return status;
}

TEST(SpawnTest, ChildHasItsScoreAndItsPipesBeforeItRuns) {
  SpawnOptions options{
      "/bin/sh",
      {"-c", "cat /proc/self/oom_score_adj >&3; cat <&4 >&3; echo over >&3"}};
  options.oom_score_adj = 321;
  auto spawned = Spawn(options);
  ASSERT_TRUE(spawned.has_value()) << spawned.error().message;
  // It waits for the end of its descriptor 4: the start signal.
  const auto pidfd = OpenPidfd(spawned->pid);
  ASSERT_TRUE(pidfd.has_value()) << pidfd.error().message;
  pollfd ended{pidfd->get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ended, 1, 0), 0);
  spawned->start.Reset();
  EXPECT_EQ(ReadEvents(*spawned), "321\nover\n");
  EXPECT_EQ(::poll(&ended, 1, 30'000), 1);
  EXPECT_EQ(Wait(*spawned), 0);
}

TEST(SpawnTest, ChildInheritsNothingElse) {
  // Not close-on-exec, on purpose.
  const int leaked = ::fcntl(STDERR_FILENO, F_DUPFD, 50);
  auto spawned =
      Spawn({"/bin/sh",
             {"-c", "test -e /proc/self/fd/" + std::to_string(leaked) +
                        " || echo no >&3"}});
  ASSERT_TRUE(spawned.has_value()) << spawned.error().message;
  EXPECT_EQ(ReadEvents(*spawned), "no\n");
  Wait(*spawned);
  ::close(leaked);
}

TEST(SpawnTest, ChildJoinsTheGroupByWritingZero) {
  int group[2];
  ASSERT_EQ(::pipe2(group, O_CLOEXEC), 0);
  SpawnOptions options{"/bin/true", {}};
  options.cgroup_procs_fd = group[1];
  auto spawned = Spawn(options);
  ASSERT_TRUE(spawned.has_value()) << spawned.error().message;
  Wait(*spawned);
  char buffer[8];
  ASSERT_EQ(::read(group[0], buffer, sizeof buffer), 1);
  EXPECT_EQ(buffer[0], '0');
  ::close(group[0]);
  ::close(group[1]);
}

TEST(SpawnTest, AProgramThatDoesNotExistIsAnError) {
  const auto spawned = Spawn({"/nonexistent/program", {}});
  ASSERT_FALSE(spawned.has_value());
  EXPECT_EQ(spawned.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(spawned.error().message,
            "cannot start /nonexistent/program: No such file or directory "
            "(ENOENT)");
}

TEST(SpawnTest, AGroupThatRefusesIsAnError) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  SpawnOptions options{"/bin/true", {}};
  options.cgroup_procs_fd = full;
  const auto spawned = Spawn(options);
  ASSERT_FALSE(spawned.has_value());
  EXPECT_THAT(spawned.error().message, ::testing::HasSubstr("ENOSPC"));
  ::close(full);
}

}  // namespace
}  // namespace oomlab::harness
