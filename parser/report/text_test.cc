#include "parser/report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "parser/parse.h"
#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Shown(const char* log) {
  const auto reports = ParseLog(TestLog(log));
  return FormatReport(reports.at(0), TextOptions{});
}

TEST(TextTest, AMemoryCgroupOnOneScreen) {
  EXPECT_EQ(Shown("7.2.12+deb13-cloud-amd64/memcg"),
            R"(memory cgroup /t/a out of memory: killed prefork (pid 102)
  when       1.603922 s after boot, lines 3-115, kernel 7.2.12+deb13-cloud-amd64
  invoker    prefork (pid 102, uid 0): order 0, GFP_KERNEL
  memory     64.0 MiB of 64.0 MiB (failcnt 18); swap 0 B of max
  holds      anon 63.2 MiB, kernel 800 KiB, pagetables 616 KiB, slab 100 KiB
  tasks      6, whose rss adds up to 165 MiB (shared pages count again for each)
         pid  oom_score_adj         rss        swap  name
  *      102              0    63.8 MiB         0 B  prefork
         104              0    20.3 MiB         0 B  child
         105              0    20.3 MiB         0 B  child
         106              0    20.3 MiB         0 B  child
         107              0    20.3 MiB         0 B  child
         108              0    20.3 MiB         0 B  child
  victim     prefork (pid 102, uid 0): 64.1 MiB mapped, rss anon 63.1 MiB, file 4.00 KiB, shmem 648 KiB, oom_score_adj 0
)");
}

TEST(TextTest, EveryLogFitsAScreen) {
  for (const std::string& name : TestLogNames()) {
    for (const OomReport& report : ParseLog(TestLog(name))) {
      const std::string text = FormatReport(report, TextOptions{});
      EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40) << text;
    }
  }
}

TEST(TextTest, TheChosenAndTheKilledMayDiffer) {
  EXPECT_THAT(Shown("3.19.1/prefork-ruby"),
              HasSubstr("chosen     ruby (pid 9772), score 940\n"));
}

TEST(TextTest, NamesCannotReachTheTerminal) {
  const auto reports = ParseLog(
      "4,1,1,-;Out of memory: Killed process 7 (a\\x1b[31m\\x0ab\\xff) "
      "total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n");
  const std::string text = FormatReport(reports.at(0), TextOptions{});
  EXPECT_THAT(text, HasSubstr("a\\x1b[31m\\x0ab\\xff"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(TextTest, PrintableKeepsUtf8AndEscapesControls) {
  EXPECT_EQ(Printable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");
  EXPECT_EQ(Printable("\xc3"), "\\xc3");
}

TEST(TextTest, ManyTasksAreCutToTheLargest) {
  const auto reports = ParseLog(TestLog("2.6.32-431.el6.x86_64/prefork-ruby"));
  const std::string text = FormatReport(reports.at(1), {.most_tasks = 3});
  EXPECT_THAT(text, HasSubstr("and 45 smaller\n"));
  EXPECT_THAT(text, HasSubstr("    6607              0    1.58 GiB"));
}

}  // namespace
}  // namespace oomlab::parser
