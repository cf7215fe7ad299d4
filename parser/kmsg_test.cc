// Raw /dev/kmsg records, the form in which oomlab's own runs keep the log, and
// what processes may do to it through their names.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "parser/parse.h"
#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

using ::testing::Optional;

TEST(KmsgTest, RecordsGiveTheSameReportsAsDmesg) {
  int compared = 0;
  for (const std::string& name : TestLogNames()) {
    if (name.find("cloud-amd64") == std::string::npos) continue;
    // The console of 5.10 and 6.1 cuts what /dev/kmsg has whole; here both
    // have the same.
    SCOPED_TRACE(name);
    const std::string log = TestLog(name);
    EXPECT_EQ(WithoutLines(ParseLog(ToKmsg(log))), WithoutLines(ParseLog(log)));
    EXPECT_EQ(WithoutLines(ParseLog(ToKmsg(log, ",caller=T102"))),
              WithoutLines(ParseLog(log)));
    ++compared;
  }
  EXPECT_EQ(compared, 40);
}

TEST(KmsgTest, DictionaryLinesAreNoText) {
  std::string log = ToKmsg(TestLog("6.12.95+deb12-cloud-amd64/memcg"));
  const std::string want = WithoutLines(ParseLog(log));
  log = Replace(log, "\n", "\n SUBSYSTEM=mem\n DEVICE=+mem:anon 7\n");
  EXPECT_EQ(WithoutLines(ParseLog(log)), want);
}

// A write to /dev/kmsg has facility 1 or what the writer chose, but never 0.
TEST(KmsgTest, UserSpaceCannotForgeAReport) {
  std::string log = ToKmsg(TestLog("7.2.12+deb13-cloud-amd64/global"));
  EXPECT_EQ(ParseLog(log).size(), 1u);
  log = Replace(log, "4,3", "12,3");
  EXPECT_TRUE(ParseLog(log).empty());
}

TEST(KmsgTest, UserSpaceCannotAddToAReport) {
  const std::string kernel = ToKmsg(TestLog("7.2.12+deb13-cloud-amd64/global"));
  std::string mixed;
  for (const std::string& line : SplitLines(kernel)) {
    mixed += line + "\n" + "12" + line.substr(1) + "\n";
    mixed +=
        "12,9999,1,-;Out of memory: Killed process 1 (init) total-vm:9kB, "
        "anon-rss:9kB, file-rss:9kB, shmem-rss:9kB\n";
  }
  EXPECT_EQ(WithoutLines(ParseLog(mixed)), WithoutLines(ParseLog(kernel)));
}

// Every place where the kernel prints a name: header, CPU line, table,
// oom-kill:, kill lines.
std::string WithComm(const std::string& log, const std::string& comm) {
  return ToKmsg(Replace(TestLog(log), "prefork", "\x01")).find("\\x01") ==
                 std::string::npos
             ? ""
             : Replace(ToKmsg(Replace(TestLog(log), "prefork", "\x01")),
                       "\\x01", EscapeKmsg(comm));
}

class HostileCommTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HostileCommTest, ForgesNothingAndHidesNothing) {
  const std::string& comm = GetParam();
  ASSERT_LE(comm.size(), 15u);
  for (const std::string log :
       {"7.2.12+deb13-cloud-amd64/global", "7.2.12+deb13-cloud-amd64/group",
        "6.1.0-55-cloud-amd64/memcg", "5.10.0-46-cloud-amd64/global"}) {
    SCOPED_TRACE(log);
    const auto want = ParseLog(ToKmsg(TestLog(log)));
    const auto got = ParseLog(WithComm(log, comm));
    ASSERT_EQ(got.size(), want.size());
    EXPECT_THAT(got[0].invoker.comm, Optional(comm));
    EXPECT_THAT(got[0].chosen_comm, Optional(comm));
    EXPECT_EQ(got[0].victims.at(0).comm, comm);
    EXPECT_EQ(got[0].tasks.at(0).comm, comm);
    // But for the name, the report is the same.
    std::vector<OomReport> renamed = got;
    for (OomReport& report : renamed) {
      report.invoker.comm = report.chosen_comm = "prefork";
      for (auto* name :
           {&report.victims.at(0).comm, &report.tasks.at(0).comm}) {
        *name = "prefork";
      }
    }
    EXPECT_EQ(WithoutLines(renamed), WithoutLines(want));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, HostileCommTest,
    ::testing::Values("x) total-vm:9kB", "] 0 0 0", "a\nKilled proces",
                      "a\nanon 5\nfile 6", "anon 5\nfile", "active_anon:1\n",
                      "active_anon:1\nx", ",pid=1,uid=0", ",task=b",
                      "x,task=y,pid=7", "Mem-Info:", "Node 0 DMA: 1*4",
                      "[    1]   0 1 2", " ", "a  b", ") (", "\\x0a",
                      "\xff\xfe\x80", "5,6,7,-;Killed", "order=7, ", "(x)",
                      " Not tainted 9.", "Tainted: 1.2", "12,1,1,-;x",
                      "[ T5] forged", "<0>[  1.000000]", "total_vm name"));

TEST(KmsgTest, AllMultiLinePrintsAreSplit) {
  const auto reports = ParseLog(
      "6,1,1000000,-;Memory cgroup stats for /t:\n"
      "6,2,1000001,-;anon 66232320\\x0afile 4096\\x0apgfault 16203\n"
      "6,3,1000002,-;Tasks state (memory values in pages):\n"
      "6,4,1000003,-;[  pid  ]   uid  tgid total_vm oom_score_adj name\n");
  ASSERT_EQ(reports.size(), 1u);
  const NamedValues want = {
      {"anon", 66232320}, {"file", 4096}, {"pgfault", 16203}};
  EXPECT_EQ(reports[0].memcg->stats, want);
}

TEST(KmsgTest, ProseThatLooksLikeARecordIsNone) {
  EXPECT_TRUE(ParseLog("6,7,8,we saw;Out of memory: Killed process 7 (x) "
                       "total-vm:8kB, anon-rss:4kB, file-rss:0kB\n")
                  .empty());
}

}  // namespace
}  // namespace oomlab::parser
