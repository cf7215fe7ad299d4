// Other programs stand in for QEMU here.

#include "harness/vm/qemu_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

std::string Script(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + "/" + name;
  std::ofstream(path) << text;
  chmod(path.c_str(), 0755);
  return path;
}

int Wait(QemuProcess& child) {
  int status = -1;
  boost::process::v2::error_code ec;
  child.handle.wait(status, ec);
  return status;
}

TEST(QemuProcessTest, TheChildHoldsItsThreeDescriptorsAndNoOther) {
  const ScopedFd leak(dup(STDIN_FILENO));  // Not close-on-exec.
  boost::asio::io_context io;
  auto child = StartQemu(io, {"/bin/ls", "/proc/self/fd"});
  ASSERT_TRUE(child.has_value()) << child.error().message;
  // 3 is the directory that ls reads.
  EXPECT_EQ(ReadAll(child->console.get(), "console").value(), "0\n1\n2\n3\n");
  EXPECT_EQ(Wait(*child), 0);
}

TEST(QemuProcessTest, ThreeStreamsComeOutApart) {
  boost::asio::io_context io;
  const std::string script = Script(
      "streams", "#!/bin/sh\necho channel >&0; echo console; echo error >&2\n");
  auto child = StartQemu(io, {script});
  ASSERT_TRUE(child.has_value()) << child.error().message;
  EXPECT_EQ(ReadAll(child->channel.get(), "channel").value(), "channel\n");
  EXPECT_EQ(ReadAll(child->console.get(), "console").value(), "console\n");
  EXPECT_EQ(ReadAll(child->errors.get(), "errors").value(), "error\n");
  EXPECT_EQ(Wait(*child), 0);
}

TEST(QemuProcessTest, TheChildHasAGroupOfItsOwnAndNoBlockedSignal) {
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, &before);
  boost::asio::io_context io;
  auto child = StartQemu(io, {"/bin/sleep", "1000"});
  sigprocmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(child.has_value()) << child.error().message;
  EXPECT_EQ(getpgid(child->handle.id()), child->handle.id());
  kill(child->handle.id(), SIGTERM);
  const int status = Wait(*child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

// The harness is killed by SIGKILL; its child has to end, too.
TEST(QemuProcessTest, TheChildDoesNotOutliveTheHarness) {
  std::array<int, 2> report{};
  ASSERT_EQ(pipe(report.data()), 0);
  const pid_t harness = fork();
  if (harness == 0) {
    boost::asio::io_context io;
    auto child = StartQemu(io, {"/bin/sleep", "1000"});
    const pid_t pid = child ? child->handle.id() : -1;
    if (write(report[1], &pid, sizeof(pid)) < 0) _exit(1);
    pause();
    _exit(0);
  }
  pid_t child = -1;
  ASSERT_EQ(read(report[0], &child, sizeof(child)),
            static_cast<ssize_t>(sizeof(child)));
  ASSERT_GT(child, 0);
  const ScopedFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  ASSERT_TRUE(pidfd.valid());
  kill(harness, SIGKILL);
  waitpid(harness, nullptr, 0);
  pollfd ended{pidfd.get(), POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 10000), 1) << "pid " << child << " is still there";
}

TEST(QemuProcessTest, AProgramThatIsMissingIsAnErrorWithAHint) {
  boost::asio::io_context io;
  for (const char* name : {"qemu-that-nobody-has", "/nonexistent/qemu"}) {
    const auto child = StartQemu(io, {name});
    ASSERT_FALSE(child.has_value());
    EXPECT_EQ(child.error().code, ErrorCode::kNotFound);
    EXPECT_THAT(child.error().hint, HasSubstr("qemu-system-x86"));
  }
}

TEST(QemuProcessTest, AProgramThatCannotBeExecutedIsAnErrorAndNoZombie) {
  boost::asio::io_context io;
  const auto child = StartQemu(io, {Script("garbage", "\x7f\x01\x02")});
  ASSERT_FALSE(child.has_value());
  EXPECT_THAT(child.error().message, HasSubstr("ENOEXEC"));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(QemuVersionTest, IsTheFirstLine) {
  const std::string good =
      Script("good", "#!/bin/sh\necho 'QEMU emulator version 9.1'\necho x\n");
  EXPECT_EQ(QemuVersion(good), "QEMU emulator version 9.1");
}

TEST(QemuVersionTest, AnotherProgramIsNoQemu) {
  for (const char* text : {"#!/bin/sh\necho hello\n", "#!/bin/sh\nexit 3\n"}) {
    EXPECT_FALSE(QemuVersion(Script("other", text)).has_value());
  }
  EXPECT_EQ(QemuVersion("qemu-that-nobody-has").error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace oomlab::harness
