#include "harness/vm/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace oomlab::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Entry {
  std::string path = {};
  unsigned mode = 0;
  std::string content = {};
  dev_t device = 0;
};

// Reads the archive back; a damaged one ends the list early.
std::vector<Entry> Read(const std::string& bytes) {
  std::vector<Entry> out;
  archive* reader = archive_read_new();
  archive_read_support_format_cpio(reader);
  EXPECT_EQ(archive_read_open_memory(reader, bytes.data(), bytes.size()),
            ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
    Entry e{.path = archive_entry_pathname(entry),
            .mode = archive_entry_mode(entry),
            .content = std::string(
                static_cast<std::size_t>(archive_entry_size(entry)), '\0'),
            .device = archive_entry_rdev(entry)};
    EXPECT_EQ(archive_read_data(reader, e.content.data(), e.content.size()),
              static_cast<la_ssize_t>(e.content.size()));
    out.push_back(std::move(e));
  }
  archive_read_free(reader);
  return out;
}

TEST(InitramfsTest, HoldsFilesTheirDirectoriesAndTheConsole) {
  const std::string content("\0binary\n", 8);
  const auto bytes =
      BuildInitramfs({{"/init", 0755, content}, {"usr/lib/x", 0640, "x"}});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  EXPECT_EQ(bytes->substr(0, 6), "070701");
  const std::vector<Entry> entries = Read(*bytes);
  std::vector<std::string> paths;
  paths.reserve(entries.size());
  for (const Entry& e : entries) paths.push_back(e.path);
  ASSERT_THAT(paths, ElementsAre("dev", "dev/console", "init", "usr", "usr/lib",
                                 "usr/lib/x"));
  EXPECT_EQ(entries[1].mode, S_IFCHR | 0600u);
  EXPECT_EQ(entries[1].device, makedev(5, 1));
  EXPECT_EQ(entries[2].mode, S_IFREG | 0755u);
  EXPECT_EQ(entries[2].content, content);
  EXPECT_EQ(entries[3].mode, S_IFDIR | 0755u);
  EXPECT_EQ(entries[5].mode, S_IFREG | 0640u);
}

TEST(InitramfsTest, TheSameFilesGiveTheSameBytesInAnyOrder) {
  const auto a = BuildInitramfs({{"init", 0755, "1"}, {"b", 0644, "2"}});
  const auto b = BuildInitramfs({{"b", 0644, "2"}, {"init", 0755, "1"}});
  ASSERT_TRUE(a && b);
  EXPECT_EQ(*a, *b);
  // No time of day, no owner, no inode of the machine that built it.
  EXPECT_THAT(*a, HasSubstr("070701"
                            "00000001"  // ino: "b" is the first
                            "000081a4"  // mode
                            "00000000"  // uid
                            "00000000"  // gid
                            "00000001"  // nlink
                            "00000001"  // mtime
                            "00000001"  // size
                            ));
}

TEST(InitramfsTest, RefusesPathsThatCannotBeMeant) {
  for (const std::string& path :
       {std::string(), std::string("/"), std::string("../etc/passwd"),
        std::string("a//b"), std::string("a/./b"), std::string("a/"),
        std::string("a\0b", 3)}) {
    const auto bytes = BuildInitramfs({{path, 0644, "x"}});
    ASSERT_FALSE(bytes.has_value()) << path;
    EXPECT_EQ(bytes.error().code, ErrorCode::kUsage);
  }
}

TEST(InitramfsTest, RefusesTwoFilesInOnePlace) {
  EXPECT_FALSE(BuildInitramfs({{"a", 0644, ""}, {"/a", 0644, ""}}));
  EXPECT_FALSE(BuildInitramfs({{"a", 0644, ""}, {"a/b", 0644, ""}}));
  EXPECT_FALSE(BuildInitramfs({{"a/b", 0644, ""}, {"a", 0644, ""}}));
}

}  // namespace
}  // namespace oomlab::harness
