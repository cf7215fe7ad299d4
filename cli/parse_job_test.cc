#include "cli/parse_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/fd.h"

namespace oomlab::cli {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string KillLine(int pid) {
  return "[   10.500000] Out of memory: Killed process " + std::to_string(pid) +
         " (stress) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n";
}

TEST(RunParseJobTest, ReportsComeInTheOrderOfTheFilesAtAnyNumberOfThreads) {
  ParseJob job;
  std::vector<std::string> expected;
  for (int file = 0; file < 12; ++file) {
    const std::string path =
        ::testing::TempDir() + "/job-" + std::to_string(file);
    // Files of very different lengths end out of order.
    std::string text(file % 3 == 0 ? 200'000 : 10, '\n');
    for (int i = 0; i < 3; ++i) {
      text += KillLine(100 * file + i + 1);
      expected.push_back(std::to_string(file) + ":" +
                         std::to_string(100 * file + i + 1));
    }
    ASSERT_TRUE(ReplaceFile(path, text).has_value());
    job.files.push_back(path);
  }
  job.format = [](std::size_t file, const parser::OomReport& report) {
    return std::to_string(file) + ":" +
           std::to_string(report.victims.at(0).pid);
  };
  for (const unsigned threads : {0u, 1u, 2u, 7u, 50u}) {
    std::vector<std::string> written;
    job.threads = threads;
    job.write = [&](std::string_view text) { written.emplace_back(text); };
    ParseProgress progress;
    EXPECT_THAT(RunParseJob(job, progress), SizeIs(0));
    EXPECT_THAT(written, ElementsAreArray(expected)) << threads << " threads";
    EXPECT_EQ(progress.reports, expected.size());
  }
}

TEST(RunParseJobTest, AFileThatCannotBeReadDoesNotHoldUpTheOthers) {
  const std::string path = ::testing::TempDir() + "/job-good";
  ASSERT_TRUE(ReplaceFile(path, KillLine(7)).has_value());
  ParseJob job;
  job.files = {"/nonexistent/a", path, "/nonexistent/b"};
  job.threads = 2;
  int written = 0;
  job.format = [](std::size_t, const parser::OomReport&) {
    return std::string("report");
  };
  job.write = [&](std::string_view) { ++written; };
  ParseProgress progress;
  const std::vector<Error> errors = RunParseJob(job, progress);
  EXPECT_EQ(written, 1);
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_THAT(errors[0].message, HasSubstr("/nonexistent/a"));
  EXPECT_THAT(errors[1].message, HasSubstr("/nonexistent/b"));
}

}  // namespace
}  // namespace oomlab::cli
