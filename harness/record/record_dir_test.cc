#include "harness/record/record_dir.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

class RecordDirTest : public testing::Test {
 protected:
  void SetUp() override {
    out_ = testing::TempDir() + "/" +
           testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(out_);
    record_.scenario_name = "prefork-memcg";
    record_.scenario_text = "{} // as it was written\n";
    record_.context.kernel_release = "6.12.95+deb12-cloud-amd64";
    record_.observation.kernel_log = "6,1,2,-;a line with \\xff\n";
    record_.observation.finished = true;
  }

  std::string out_;
  RunRecord record_;
};

TEST_F(RecordDirTest, KeepsEverythingOfARun) {
  const auto dir = RecordDir::Create(out_, record_);
  ASSERT_TRUE(dir.has_value()) << dir.error().message;
  EXPECT_EQ(dir->path(), out_ + "/prefork-memcg-6.12.95+deb12-cloud-amd64");
  EXPECT_EQ(dir->console_path(), dir->path() + "/console.log");
  record_.verdict = Verdict::kPass;
  ASSERT_TRUE(dir->Finish(record_).has_value());

  for (const std::string& path : {dir->path(), dir->path() + "/record.json"}) {
    const auto read = ReadRecord(path);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->status, "complete");
    EXPECT_EQ(read->verdict, Verdict::kPass);
    EXPECT_EQ(read->observation.kernel_log, record_.observation.kernel_log);
    EXPECT_EQ(read->scenario_text, record_.scenario_text);
    EXPECT_TRUE(read->observation.finished);
  }
}

TEST_F(RecordDirTest, ARunThatWasCutOffReadsAsBroken) {
  const auto dir = RecordDir::Create(out_, record_);
  ASSERT_TRUE(dir.has_value()) << dir.error().message;
  const auto read = ReadRecord(dir->path());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->status, "running");
  EXPECT_EQ(read->verdict, Verdict::kBroken);
  ASSERT_TRUE(read->broken.has_value());
  EXPECT_EQ(read->broken->message,
            "the run was cut off before its record was complete (oomlab was "
            "killed, or the disk is full)");
  EXPECT_EQ(read->scenario_text, record_.scenario_text);
}

TEST_F(RecordDirTest, AnEarlierRunIsNeverOverwritten) {
  const auto first = RecordDir::Create(out_, record_);
  ASSERT_TRUE(first.has_value() && first->Finish(record_).has_value());
  const auto second = RecordDir::Create(out_, record_);
  const auto third = RecordDir::Create(out_, record_);
  ASSERT_TRUE(second.has_value() && third.has_value());
  EXPECT_EQ(second->path(), first->path() + "-2");
  EXPECT_EQ(third->path(), first->path() + "-3");
  EXPECT_EQ(ReadRecord(first->path())->status, "complete");
}

// The release is what a kernel image says of itself.
TEST_F(RecordDirTest, AKernelCannotChooseAnotherDirectory) {
  record_.context.kernel_release = "../../x y\n";
  const auto dir = RecordDir::Create(out_, record_);
  ASSERT_TRUE(dir.has_value()) << dir.error().message;
  EXPECT_EQ(dir->path(), out_ + "/prefork-memcg-_._.._x_y_");
}

TEST_F(RecordDirTest, AMissingKernelLogIsAnErrorOfACompleteRun) {
  const auto dir = RecordDir::Create(out_, record_);
  ASSERT_TRUE(dir.has_value() && dir->Finish(record_).has_value());
  std::filesystem::remove(dir->kernel_log_path());
  const auto read = ReadRecord(dir->path());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message, "cannot open " + dir->kernel_log_path() +
                                      ": No such file or directory (ENOENT)");
}

TEST_F(RecordDirTest, APlaceThatCannotBeWrittenIsNamed) {
  ASSERT_TRUE(std::filesystem::create_directories(out_));
  ASSERT_TRUE(ReplaceFile(out_ + "/file", "x").has_value());
  const auto dir = RecordDir::Create(out_ + "/file/out", record_);
  ASSERT_FALSE(dir.has_value());
  EXPECT_EQ(dir.error().message, "cannot create the output directory " + out_ +
                                     "/file/out: Not a directory (ENOTDIR)");
}

TEST_F(RecordDirTest, WhatIsNoRunDirectoryIsRefused) {
  ASSERT_TRUE(std::filesystem::create_directories(out_));
  EXPECT_EQ(ReadRecord(out_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReadRecord(out_ + "/absent").error().message,
            out_ + "/absent is not the directory of a run");
}

// The limit on the size of files stands for a full disk: the write fails in the
// middle of the file, with another errno.
TEST_F(RecordDirTest, AFullDiskIsAnErrorAndTheRunStaysMarked) {
  const auto dir = RecordDir::Create(out_, record_);
  ASSERT_TRUE(dir.has_value());
  record_.observation.kernel_log.assign(200000, 'x');
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{100000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto finished = dir->Finish(record_);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(finished.has_value());
  EXPECT_TRUE(finished.error().message.starts_with(
      "cannot keep the record of the run: cannot write " +
      dir->kernel_log_path()))
      << finished.error().message;
  EXPECT_TRUE(finished.error().message.ends_with("(EFBIG)"));
  EXPECT_EQ(ReadRecord(dir->path())->verdict, Verdict::kBroken);
}

}  // namespace
}  // namespace oomlab::harness
