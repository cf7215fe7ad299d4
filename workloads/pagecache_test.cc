#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string_view>

#include "workloads/load_fixture.h"

namespace oomlab::workloads {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kPage = 4096;

// The file without a name that a process holds.
ScopedFd HeldFile(pid_t pid) {
  const std::string fds = "/proc/" + std::to_string(pid) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(fds))
    if (std::filesystem::read_symlink(entry).string().find("oomlab-load.") !=
        std::string::npos)
      return ScopedFd(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
  ADD_FAILURE() << "no file is held";
  return ScopedFd();
}

std::uint64_t CachedBytes(int fd) {
  struct stat info = {};
  if (::fstat(fd, &info) != 0 || info.st_size == 0) return 0;
  const auto size = static_cast<std::size_t>(info.st_size);
  void* const base = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  std::vector<unsigned char> present(size / kPage + 1);
  EXPECT_EQ(::mincore(base, size, present.data()), 0);
  ::munmap(base, size);
  std::uint64_t pages = 0;
  for (const unsigned char page : present) pages += page & 1;
  return pages * kPage;
}

// By cachestat(2), Linux 6.5. Nothing on older kernels, and on a tmpfs, where
// no page is ever written back.
std::optional<std::uint64_t> DirtyBytes(int fd) {
  constexpr long kCacheStat = 451;
  struct statfs file_system = {};
  if (::fstatfs(fd, &file_system) != 0 || file_system.f_type == TMPFS_MAGIC)
    return std::nullopt;
  struct {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  // To the end.
  } range;
  struct {
    std::uint64_t cached = 0;
    std::uint64_t dirty = 0;
    std::uint64_t writeback = 0;
    std::uint64_t evicted = 0;
    std::uint64_t recently_evicted = 0;
  } stat;
  if (::syscall(kCacheStat, fd, &range, &stat, 0) != 0) return std::nullopt;
  return (stat.dirty + stat.writeback) * kPage;
}

TEST(PageCacheTest, PagesAreInTheCacheAndInNobodysRss) {
  for (const char* state : {"--state=dirty", "--state=clean"}) {
    Load load(
        {"pagecache", "--bytes=4MiB", "--path=" + ::testing::TempDir(), state});
    load.Await("ready");
    const pid_t worker = load.Pid("worker", 0);
    AwaitSleep(worker);
    {
      const ScopedFd file = HeldFile(worker);
      EXPECT_EQ(CachedBytes(file.get()), 0u);
    }
    load.Go();
    EXPECT_EQ(load.Await("done").Number("bytes"), 4 * kMiB);
    const ScopedFd file = HeldFile(worker);
    EXPECT_EQ(CachedBytes(file.get()), 4 * kMiB) << state;
    EXPECT_LE(SmapsRollup(worker).at("Rss"), kProgramRssBytes) << state;
    const bool is_clean = state == std::string_view("--state=clean");
    if (const auto dirty = DirtyBytes(file.get())) {
      EXPECT_EQ(*dirty, is_clean ? 0 : 4 * kMiB) << state;
    }
  }
}

TEST(PageCacheTest, LeavesNoFileBehind) {
  const std::string directory = ::testing::TempDir() + "/pagecache";
  std::filesystem::create_directory(directory);
  Load load(
      {"pagecache", "--bytes=1MiB", "--path=" + directory, "--take-at=ready"});
  load.Await("ready");
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

TEST(FileMapTest, WrittenPagesTurnFromFileIntoAnonymous) {
  Load load({"filemap", "--bytes=4MiB", "--write=1MiB", "--workers=2",
             "--path=" + ::testing::TempDir()});
  load.Await("ready");
  const pid_t worker = load.Pid("worker", 1);
  AwaitSleep(worker);
  const auto before = SmapsRollup(worker);
  EXPECT_GE(before.at("Rss"), 4 * kMiB);
  EXPECT_LE(before.at("Rss"), 4 * kMiB + kProgramRssBytes);
  EXPECT_LE(before.at("Anonymous"), kProgramAnonBytes);
  load.Go();
  load.Await("done");
  load.Await("done");
  const auto after = SmapsRollup(worker);
  EXPECT_EQ(after.at("Anonymous"), before.at("Anonymous") + kMiB);
  EXPECT_EQ(after.at("Rss"), before.at("Rss"));
}

TEST(FileMapTest, MoreWrittenThanMappedIsAnError) {
  Load load({"filemap", "--bytes=1MiB", "--write=2MiB",
             "--path=" + ::testing::TempDir()});
  EXPECT_THAT(load.Await("error").line,
              ::testing::HasSubstr("--write is more than --bytes"));
  EXPECT_EQ(WEXITSTATUS(load.AwaitEnd(load.first())), 2);
}

}  // namespace
}  // namespace oomlab::workloads
