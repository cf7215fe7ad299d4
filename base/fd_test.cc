#include "base/fd.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace oomlab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string TempPath(const std::string& name) {
  return ::testing::TempDir() + "/" + name;
}

TEST(ScopedFdTest, MovingLeavesOneOwner) {
  ScopedFd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(first.valid());
  const int number = first.get();
  ScopedFd second(std::move(first));
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.get(), number);
  second.Reset();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(OpenFileTest, DescriptorsAreCloseOnExec) {
  const auto fd = OpenFile("/dev/null", O_RDONLY);
  ASSERT_TRUE(fd.has_value()) << fd.error().message;
  EXPECT_EQ(::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(OpenFileTest, ErrorNamesPathAndErrno) {
  const auto fd = OpenFile("/nonexistent/file", O_RDONLY);
  ASSERT_FALSE(fd.has_value());
  EXPECT_EQ(fd.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(
      fd.error().message,
      "cannot open /nonexistent/file: No such file or directory (ENOENT)");
}

TEST(ReplaceFileTest, LeavesNoSiblingAndKeepsTheOldFileOnFailure) {
  const std::string directory = TempPath("replace");
  std::filesystem::create_directory(directory);
  const std::string path = directory + "/file";
  ASSERT_TRUE(ReplaceFile(path, "one").has_value());
  ASSERT_TRUE(ReplaceFile(path, std::string(200000, 'x')).has_value());
  EXPECT_EQ(ReadFile(path)->size(), 200000u);
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory))
    ++entries;
  EXPECT_EQ(entries, 1u);
  EXPECT_FALSE(ReplaceFile(directory + "/no/file", "x").has_value());
}

TEST(WriteControlFileTest, ReportsAShortOrRefusedWrite) {
  const auto refused = WriteControlFile("/dev/full", "1");
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("'1' to /dev/full"));
  EXPECT_THAT(refused.error().message, EndsWith("(ENOSPC)"));
}

}  // namespace
}  // namespace oomlab
