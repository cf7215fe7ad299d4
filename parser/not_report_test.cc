// Text that speaks of memory and kills and is no report of the OOM killer.

#include <gtest/gtest.h>

#include <string>

#include "parser/parse.h"
#include "parser/report/json.h"
#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

TEST(NotReportTest, OtherProgramsWords) {
  for (const char* line :
       {"java.lang.OutOfMemoryError: Java heap space",
        "# There is insufficient memory for the Java Runtime Environment.",
        "Out of memory", "ERROR: Out of memory at line 7",
        "earlyoom: sending SIGTERM to process 900 uid 27 \"java\": badness 9",
        "systemd-oomd: Killed /user.slice/x due to memory pressure",
        "lowmemorykiller: Killing 'com.x' (4021), adj 900",
        "lmkd: Kill 'com.x' (4021), uid 10089, oom_score_adj 900",
        "OOM killer disabled.", "OOM killer enabled.",
        "Memory cgroup out of memory",
        "foo: Out of memory: Killed process 1 (init) total-vm:9kB",
        "see: Killed process 1 (init) total-vm:9kB", "Killed process init (1)",
        "the killer invoked oom-killer: gfp_mask=0x0 they said, order=0",
        "Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF",
        "kernel tried to execute NX-protected page"}) {
    EXPECT_TRUE(ParseLog(std::string(line) + "\n").empty()) << line;
  }
}

TEST(NotReportTest, ProgramsThatQuoteAReport) {
  for (const char* front :
       {"Mar  8 11:36:09 host kubelet[900]: ",
        "Mar  8 11:36:09 host systemd-oomd[9]: ",
        "2025-08-12T03:54:03+0200 host earlyoom[123]: ",
        "<14>1 2025-08-12T03:54:03Z host app 1 - - ", "<12>[    1.000000] ",
        "user  :warn  : [    1.000000] ",
        "Mar  8 11:36:09 host app: kernel: "}) {
    std::string text;
    for (const std::string& line :
         SplitLines(TestLog("7.2.12+deb13-cloud-amd64/group"))) {
      text += front + line + "\n";
    }
    EXPECT_TRUE(ParseLog(text).empty()) << front;
  }
  for (const char* entry :
       {R"({"_TRANSPORT":"stdout","MESSAGE":"Killed process 1 (x) total-vm:)"
        R"(9kB"})",
        R"({"_TRANSPORT":"kernel","SYSLOG_FACILITY":"1","MESSAGE":"Killed )"
        R"(process 1 (x) total-vm:9kB"})"}) {
    EXPECT_TRUE(ParseLog(std::string(entry) + "\n").empty()) << entry;
  }
}

// journalctl prints a program's further lines with blanks for a front.
TEST(NotReportTest, LaterLinesOfAProgram) {
  EXPECT_TRUE(
      ParseLog("Mar  8 11:36:09 host app[9]: this is\n"
               "                            Out of memory: Killed process 1 "
               "(init) total-vm:9kB, anon-rss:9kB, file-rss:9kB\n")
          .empty());
}

// The same blocks as a report has: the dump of an allocation that failed.
TEST(NotReportTest, OtherDumpsOfMemory) {
  const std::string log = TestLog("7.2.12+deb13-cloud-amd64/global");
  const std::size_t at = log.find("prefork: page allocation failure");
  ASSERT_NE(at, std::string::npos);
  const std::string dump = log.substr(log.rfind('\n', at) + 1);
  EXPECT_TRUE(ParseLog(dump).empty());
  // The same with its head lost, and as sysrq-m prints it.
  EXPECT_TRUE(ParseLog(dump.substr(dump.find('\n') + 1)).empty());
  EXPECT_TRUE(ParseLog("[    1.000000] sysrq: Show Memory\n" +
                       dump.substr(dump.find("Mem-Info:") - 15))
                  .empty());
}

TEST(NotReportTest, ADumpWithinAReportLeavesItAlone) {
  const std::string log = TestLog("7.2.12+deb13-cloud-amd64/global");
  const std::size_t at =
      log.rfind('\n', log.find("prefork: page allocation failure")) + 1;
  const std::string report = log.substr(0, at), dump = log.substr(at);
  const std::string want = WithoutLines(ParseLog(report));
  const auto lines = SplitLines(report);
  // After the dump every line of a report that follows is the report's.
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find("Tasks state") == std::string::npos &&
        lines[i].find("oom-kill:") == std::string::npos &&
        lines[i].find("Killed process") == std::string::npos) {
      continue;
    }
    std::string mixed;
    for (std::size_t j = 0; j < lines.size(); ++j) {
      if (j == i) mixed += dump;
      mixed += lines[j] + "\n";
    }
    EXPECT_EQ(WithoutLines(ParseLog(mixed)), want) << lines[i];
  }
}

TEST(NotReportTest, NothingComesOfNothing) {
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("\0\0\0\n", 4),
        std::string(100'000, 'x'), std::string(100'000, '\n'),
        std::string(100'000, '['), std::string(100'000, '>'),
        std::string(100'000, '=')}) {
    EXPECT_TRUE(ParseLog(text).empty());
  }
}

}  // namespace
}  // namespace oomlab::parser
