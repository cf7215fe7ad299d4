#include "cli/log_input.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/fd.h"

namespace oomlab::cli {
namespace {

using ::testing::HasSubstr;

class ReadLogTest : public ::testing::Test {
 protected:
  static std::string Path(const std::string& name) {
    return ::testing::TempDir() + "/read-log-" + name;
  }

  // The text as a file that the filter has compressed.
  static std::string Compressed(const std::string& filter,
                                const std::string& text) {
    std::string path = Path(filter);
    archive* writer = archive_write_new();
    archive_write_set_format_raw(writer);
    EXPECT_EQ(archive_write_add_filter_by_name(writer, filter.c_str()),
              ARCHIVE_OK);
    EXPECT_EQ(archive_write_open_filename(writer, path.c_str()), ARCHIVE_OK);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_pathname(entry, "log");
    archive_write_header(writer, entry);
    archive_write_data(writer, text.data(), text.size());
    archive_entry_free(entry);
    archive_write_free(writer);
    return path;
  }

  static Result<std::string> Read(const std::string& path) {
    std::string text;
    const Result<> read =
        ReadLog(path, [&](std::string_view piece) { text += piece; });
    if (!read) return tl::unexpected(read.error());
    return text;
  }
};

std::string LongText() {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += std::to_string(i) + " line\n";
  return text;
}

TEST_F(ReadLogTest, CompressedLogsReadAsTheTextInside) {
  const std::string text = LongText();
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
    const auto read = Read(Compressed(filter, text));
    ASSERT_TRUE(read.has_value()) << filter << read.error().message;
    EXPECT_TRUE(*read == text) << filter;
  }
}

TEST_F(ReadLogTest, PlainBytesPassUnchanged) {
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("\x1f"),
        std::string("\0\xff\n\x1f\x8b", 5), LongText()}) {
    ASSERT_TRUE(ReplaceFile(Path("plain"), text).has_value());
    const auto read = Read(Path("plain"));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_TRUE(*read == text) << text.size();
  }
}

TEST_F(ReadLogTest, ACutArchiveIsAnErrorAfterWhatCouldBeRead) {
  const std::string path = Compressed("gzip", LongText());
  std::string bytes = *ReadFile(path);
  bytes.resize(bytes.size() / 2);
  ASSERT_TRUE(ReplaceFile(path, bytes).has_value());
  std::string text;
  const auto read =
      ReadLog(path, [&](std::string_view piece) { text += piece; });
  ASSERT_FALSE(read.has_value());
  EXPECT_THAT(read.error().message, HasSubstr(path));
  EXPECT_TRUE(text.starts_with("0 line\n1 line\n"));
}

TEST_F(ReadLogTest, WhatIsNoFileIsNamed) {
  EXPECT_THAT(Read("/nonexistent.log").error().message,
              HasSubstr("/nonexistent.log: No such file or directory"));
  EXPECT_THAT(Read("/").error().message, HasSubstr("EISDIR"));
}

}  // namespace
}  // namespace oomlab::cli
