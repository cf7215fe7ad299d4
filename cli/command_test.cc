// What the command says without a guest: usage, bad scenarios, parsing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_fixture.h"

namespace oomlab::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using CommandLineTest = CommandTest;

TEST_F(CommandLineTest, HelpStatesTheExitStatuses) {
  const Finished run = Run({"--help"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, AllOf(HasSubstr("run"), HasSubstr("kernel"),
                             HasSubstr("3 broken")));
}

TEST_F(CommandLineTest, UsageErrorsHaveStatus2) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{},
        {"dance"},
        {"run"},
        {"run", "--speed", "9"},
        {"run", "x.json", "--repeat", "0"},
        {"run", "x.json", "--accel", "hax"},
        {"schema", "nothing"}})
    EXPECT_EQ(Run(arguments).status, 2);
}

TEST_F(CommandLineTest, AMisspeltFieldHasAPlaceAndAWayOut) {
  WriteTo("bad.json", R"({
  "schema": "oomlab.scenario/1",
  "name": "bad",
  "workloads": [
    {"name": "a", "kind": "alloc", "wrokers": 1, "bytes": "1MiB"}
  ]
})");
  const Finished run = Run({"run", Path("bad.json")});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, AllOf(HasSubstr("bad.json:5:36"), HasSubstr("wrokers"),
                             HasSubstr("workers")));
}

TEST_F(CommandLineTest, AScenarioThatDoesNotExistIsNamed) {
  const Finished run = Run({"run", Path("none.json")});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("none.json: No such file or directory"));
}

TEST_F(CommandLineTest, KernelTakesOneValueAndLeavesTheScenarios) {
  WriteTo("a.json", "[]");
  const Finished run =
      Run({"run", "--kernel", "debian:6.12", Path("a.json"), Path("b.json")});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("a.json:1:1"));
}

TEST_F(CommandLineTest, SchemasAreJsonSchemas) {
  for (const char* name : {"scenario", "record", "report"}) {
    const Finished run = Run({"schema", name});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out,
                AllOf(StartsWith("{"), HasSubstr("$schema"),
                      HasSubstr(std::string("oomlab.") + name + "/1")));
  }
}

TEST_F(CommandLineTest, ParsePrintsTheReportsOfALog) {
  WriteTo("kernel.log",
          "[   10.5] Out of memory: Killed process 7 (stress) total-vm:8kB, "
          "anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n");
  const Finished run = Run({"parse", Path("kernel.log")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("oomlab.report/1"), HasSubstr("stress")));
  EXPECT_THAT(Run({"parse", "--format", "text", Path("kernel.log")}).out,
              HasSubstr("stress (pid 7"));
  // Of several files each report says where it is from, in any format.
  for (const char* format : {"json", "ndjson", "text"})
    EXPECT_THAT(Run({"parse", "--format", format, Path("kernel.log"),
                     Path("kernel.log")})
                    .out,
                HasSubstr(Path("kernel.log")));
  const Finished bad = Run({"parse", Path("none.log"), Path("kernel.log")});
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.out, HasSubstr("stress"));
}

TEST_F(CommandLineTest, AKernelNameThatMeansNothingIsExplained) {
  WriteTo("ok.json", R"({"schema": "oomlab.scenario/1", "name": "ok",
    "description": "One page.",
    "workloads": [{"name": "a", "kind": "alloc", "workers": 1, "bytes": "4KiB"}],
    "expect": {"outcome": "none"}})");
  for (const char* kernel :
       {"debian:x", "fedora:6.12", "/nonexistent/bzImage"}) {
    const Finished run = Run({"run", Path("ok.json"), "--kernel", kernel});
    EXPECT_EQ(run.status, 2) << kernel << run.err;
    EXPECT_THAT(run.err, HasSubstr(kernel));
  }
}

}  // namespace
}  // namespace oomlab::cli
