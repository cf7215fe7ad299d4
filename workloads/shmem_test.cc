#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kMiB = 1u << 20;

std::size_t FilesIn(const std::string& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory))
    ++count;
  return count;
}

// Rss of the shared mappings of a process. The program's own pages are not
// among them, which are shared memory too where it lies on a tmpfs.
std::uint64_t SharedBytes(pid_t pid) {
  std::ifstream smaps("/proc/" + std::to_string(pid) + "/smaps");
  std::uint64_t kib = 0;
  bool is_shared = false;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    words >> first >> second;
    if (first.find('-') != std::string::npos) is_shared = second == "rw-s";
    if (is_shared && first == "Rss:") kib += std::stoull(second);
  }
  return kib * 1024;
}

TEST(ShmemTest, EveryTypeIsSharedMemoryOfTheSizeAsked) {
  for (const char* type :
       {"--type=memfd", "--type=sysv", "--type=anonymous", "--type=tmpfs"}) {
    Load load({"shmem", "--bytes=3MiB", type});
    load.Await("ready");
    const pid_t worker = load.Pid("worker", 0);
    AwaitSleep(worker);
    const auto anonymous = SmapsRollup(worker).at("Anonymous");
    EXPECT_EQ(SharedBytes(worker), 0u) << type;
    load.Go();
    EXPECT_EQ(load.Await("done").Number("bytes"), 3 * kMiB) << type;
    EXPECT_EQ(SharedBytes(worker), 3 * kMiB) << type;
    EXPECT_EQ(SmapsRollup(worker).at("Anonymous"), anonymous) << type;
  }
}

TEST(ShmemTest, WrittenMemoryIsInNobodysRss) {
  Load load({"shmem", "--bytes=3MiB", "--via=write", "--take-at=ready"});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 0);
  AwaitSleep(worker);  // It has closed descriptor 4.
  EXPECT_LE(SmapsRollup(worker).at("Rss"), kProgramRssBytes);
  // The descriptor of the memfd: 3 MiB in 512-byte blocks.
  const std::string fds = "/proc/" + std::to_string(worker) + "/fd";
  std::uint64_t blocks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(fds)) {
    struct stat info = {};
    if (std::filesystem::read_symlink(entry).string().find("oomlab-load") ==
            std::string::npos ||
        ::stat(entry.path().c_str(), &info) != 0)
      continue;
    blocks = static_cast<std::uint64_t>(info.st_blocks);
  }
  EXPECT_EQ(blocks, 3 * kMiB / 512);
}

TEST(ShmemTest, AFileOnTmpfsStaysOnlyWhenAsked) {
  const std::string directory =
      "/dev/shm/oomlab-test." + std::to_string(::getpid());
  ASSERT_TRUE(std::filesystem::create_directory(directory));
  for (const bool leave : {false, true}) {
    std::vector<std::string> arguments = {"shmem", "--bytes=1MiB",
                                          "--type=tmpfs", "--take-at=ready",
                                          "--path=" + directory};
    if (leave) arguments.emplace_back("--leave");
    {
      Load load(arguments);
      load.Await("ready");
    }
    EXPECT_EQ(FilesIn(directory), leave ? 1u : 0u);
  }
  std::filesystem::remove_all(directory);
}

TEST(ShmemTest, ASystemVSegmentGoesWithItsProcess) {
  const auto segments = [] {
    std::ifstream file("/proc/sysvipc/shm");
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    return lines;
  };
  const std::size_t before = segments();
  {
    Load load({"shmem", "--bytes=1MiB", "--type=sysv", "--take-at=ready"});
    load.Await("ready");
    EXPECT_EQ(segments(), before + 1);
  }
  EXPECT_EQ(segments(), before);
}

TEST(ShmemTest, AFullFileSystemIsAResult) {
  Load load({"shmem", "--bytes=100TiB", "--type=tmpfs"});
  load.Await("ready");
  load.Go();
  const Event done = load.Await("done");
  EXPECT_EQ(done.fields.at("result"), "enomem");
  EXPECT_EQ(done.Number("bytes"), 0u);
}

TEST(ShmemTest, WrongCombinationsAndDirectoriesAreErrors) {
  {
    Load load({"shmem", "--bytes=1MiB", "--type=sysv", "--via=write"});
    EXPECT_THAT(load.Await("error").line, HasSubstr("--via=write is for"));
  }
  Load load({"shmem", "--bytes=1MiB", "--type=tmpfs", "--path=/nonexistent"});
  EXPECT_THAT(load.Await("error").line, HasSubstr("--path: ENOENT"));
  EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
}

}  // namespace
}  // namespace oomlab::workloads
