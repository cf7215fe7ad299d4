#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <filesystem>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

// What waits to be read in the pipes that a process made for itself.
std::uint64_t QueuedInPipes(pid_t pid) {
  std::uint64_t queued = 0;
  const std::string fds = "/proc/" + std::to_string(pid) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(fds)) {
    const std::string name = entry.path().filename();
    if (std::stoi(name) <= 3 ||
        !std::filesystem::read_symlink(entry).string().starts_with("pipe:"))
      continue;
    const ScopedFd fd(
        ::open(entry.path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    int bytes = 0;
    EXPECT_EQ(::ioctl(fd.get(), FIONREAD, &bytes), 0);
    queued += static_cast<std::uint64_t>(bytes);
  }
  return queued;
}

TEST(KernelTest, PipesHoldExactlyWhatWasAskedAndNoRssChanges) {
  Load load({"kernel", "--type=pipes", "--bytes=5MiB"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);
  const auto before = SmapsRollup(worker).at("Anonymous");
  load.Go();
  EXPECT_EQ(load.Await("done").Number("bytes"), 5 * kMiB);
  AwaitSleep(worker);
  EXPECT_EQ(QueuedInPipes(worker), 5 * kMiB);
  EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), before);
}

TEST(KernelTest, SocketsHoldExactlyWhatWasAsked) {
  Load load({"kernel", "--type=sockets", "--bytes=5MiB"});
  load.Await("ready");
  load.Go();
  const Event done = load.Await("done");
  EXPECT_EQ(done.fields.at("result"), "reached");
  EXPECT_EQ(done.Number("bytes"), 5 * kMiB);
  EXPECT_LE(SmapsRollup(load.Pid("worker", 0)).at("Anonymous"),
            kProgramAnonBytes);
}

TEST(KernelTest, DentriesGoWithTheStarterAndStayAfterAKill) {
  for (const bool killed : {false, true}) {
    const std::string directory =
        "/dev/shm/oomlab-dentries." + std::to_string(::getpid());
    ASSERT_TRUE(std::filesystem::create_directory(directory));
    std::size_t files = 0;
    {
      Load load(
          {"kernel", "--type=dentries", "--count=1000", "--path=" + directory});
      load.Await("ready");
      load.Go();
      EXPECT_EQ(load.Await("done").fields.at("result"), "reached");
      const pid_t worker = load.Pid("worker", 0);
      const std::string own =
          directory + "/oomlab-load." + std::to_string(worker);
      for ([[maybe_unused]] const auto& entry :
           std::filesystem::directory_iterator(own))
        ++files;
      if (killed) {
        ::kill(worker, SIGKILL);
        load.Await("exited");
      }
    }
    EXPECT_EQ(files, 1000u);
    EXPECT_EQ(std::filesystem::is_empty(directory), !killed);
    std::filesystem::remove_all(directory);
  }
}

TEST(KernelTest, EachTypeTakesItsOwnMeasure) {
  for (const auto& options : std::vector<std::vector<std::string>>{
           {"kernel", "--type=pipes", "--count=1"},
           {"kernel", "--type=dentries", "--bytes=1MiB"},
           {"kernel", "--type=sockets"}}) {
    Load load(options);
    EXPECT_THAT(load.Await("error").line,
                ::testing::HasSubstr("dentries take --count"));
    EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
  }
}

}  // namespace
}  // namespace oomlab::workloads
