// The judge over logs that real kernels wrote. Arguments: the logs, as
// <kernel release>/<case>.log; each is one kill of a prefork server in a guest
// of 192 MiB.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/fd.h"
#include "harness/judge/judge.h"
#include "parser/parse.h"

namespace oomlab::harness {
namespace {

using testing::HasSubstr;

std::vector<std::string> files;

struct Case {
  std::string outcome;
  std::string constraint;
  bool task_table;
};
const std::map<std::string, Case> kCases = {
    {"memcg.log", {"killed", "CONSTRAINT_MEMCG", true}},
    {"parent.log", {"killed", "CONSTRAINT_MEMCG", true}},
    {"group.log", {"group_killed", "CONSTRAINT_MEMCG", true}},
    {"global.log", {"killed", "CONSTRAINT_NONE", true}},
    {"nodump.log", {"killed", "CONSTRAINT_NONE", false}},
};

// A run whose wait statuses and counters fit the kill lines of the log.
struct LoggedRun {
  Scenario scenario;
  RunRecord record;
  std::vector<parser::OomReport> reports;

  LoggedRun(const Case& expected, std::string log) {
    record.observation.kernel_log = std::move(log);
    reports = parser::ParseLog(record.observation.kernel_log);
    record.observation.finished = true;
    scenario.expect.outcome = expected.outcome;
    scenario.expect.constraint = expected.constraint;
    scenario.expect.task_table = expected.task_table;
    scenario.expect.victims.emplace();
    // The kernel counts where it prints, so lines are the count.
    int kill_lines = 0;
    const std::string& text = record.observation.kernel_log;
    for (std::size_t at = 0;
         (at = text.find(": Killed process ", at)) != text.npos; ++at)
      ++kill_lines;
    record.observation.before = Counters{{{"oom_kill", 0}}, {}};
    record.observation.after = Counters{{{"oom_kill", kill_lines}}, {}};
    for (const parser::OomReport& report : reports) {
      for (const parser::Victim& victim : report.victims) {
        ProcessObservation process;
        process.workload = "server";
        process.role = victim.comm == "prefork" ? "parent" : "worker";
        process.index = process.role == "parent" ? 0 : workers++;
        process.pid = victim.pid;
        process.exit_signal = 9;
        record.observation.processes.push_back(process);
        scenario.expect.victims->push_back({process.Id(), std::nullopt});
      }
    }
  }

  int workers = 0;
};

TEST(RealLogTest, EveryKernelsReportIsJudgedTheSame) {
  int judged = 0;
  for (const std::string& file : files) {
    const auto known = kCases.find(file.substr(file.rfind('/') + 1));
    if (known == kCases.end()) continue;
    SCOPED_TRACE(file);
    ++judged;
    const auto log = ReadFile(file);
    ASSERT_TRUE(log.has_value()) << log.error().message;
    LoggedRun run(known->second, *log);
    ASSERT_FALSE(run.scenario.expect.victims->empty());
    Judge(run.scenario, run.reports, run.record);
    ASSERT_FALSE(run.record.broken.has_value()) << run.record.broken->message;
    ASSERT_EQ(run.record.findings.size(), 4u);
    for (const Finding& finding : run.record.findings)
      EXPECT_TRUE(finding.holds)
          << finding.expectation << ": expected " << finding.expected
          << ", found " << finding.found;
    EXPECT_EQ(run.record.verdict, Verdict::kPass);
    // The evidence is really in the log.
    EXPECT_THAT(run.record.findings[0].log_lines,
                testing::Contains(HasSubstr("invoked oom-killer: gfp_mask=")));
    EXPECT_THAT(run.record.findings[1].log_lines,
                testing::Contains(HasSubstr("oom-kill:constraint=")));
    ASSERT_FALSE(run.record.findings[2].log_lines.empty());
    EXPECT_THAT(run.record.findings[2].log_lines,
                testing::Each(HasSubstr("Killed process ")));
    if (known->second.task_table) {
      EXPECT_THAT(run.record.findings[3].log_lines,
                  testing::Contains(HasSubstr("total_vm      rss")));
    }

    // One kill more or fewer than the log tells is noticed.
    run.record.observation.after->vmstat["oom_kill"] += 2;
    Judge(run.scenario, run.reports, run.record);
    EXPECT_EQ(run.record.verdict, Verdict::kBroken);
    run.record.observation.after->vmstat["oom_kill"] = 0;
    Judge(run.scenario, run.reports, run.record);
    EXPECT_EQ(run.record.verdict, Verdict::kBroken);
  }
  EXPECT_GE(judged, 25);  // Five cases on five kernels.
}

}  // namespace
}  // namespace oomlab::harness

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  oomlab::harness::files.assign(argv + 1, argv + argc);
  return RUN_ALL_TESTS();
}
